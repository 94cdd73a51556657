"""What words cost: ``python tests/bench/bench_words.py [FOLDER OF PAGES]`` prints the machine and the figures.

A page is measured from its bytes to its topic scores with all shipped lists, five times; the median over all pages of
a size counts. CPU time, so that a busy machine does not tell lies. Targets: 10 KB in 0.4 ms, 100 KB in 2 ms, 50,000
phrases loaded in 2 s.
"""

from __future__ import annotations

import gzip
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.core.normal import fold
from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.stores.words import load_words

WORDS = Path(__file__).parents[2] / "policies" / "words"
SIZES = (("10 KB", 8_000, 12_500), ("100 KB", 80_000, 130_000))
ROUNDS = 5


def shipped() -> list[Phrase]:
    return list(load_words(WORDS, WORDS / "absent"))


def made_up(count: int) -> list[Phrase]:
    draw = random.Random(5)
    letters = "abcdeghiklmnoprstuvyàđêơкуаноқғیرمن"
    words = ["".join(draw.choices(letters, k=draw.randint(3, 9))) for _ in range(count)]
    return [
        Phrase("made-up", f"{word} {draw.choice(words)}", "en", Where("made-up", n)) for n, word in enumerate(words)
    ]


def median_seconds[T](work: Callable[[T], object], items: Iterable[T]) -> float:
    def once(item: T) -> float:
        started = time.thread_time()
        work(item)
        return time.thread_time() - started

    return statistics.median(statistics.median(once(item) for _ in range(ROUNDS)) for item in items)


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def loading() -> Lexicon:
    phrases = shipped()
    for name, batch in (("shipped", phrases), ("made up", made_up(50_000))):
        started = time.perf_counter()
        Lexicon.build(batch)
        print(f"load {len(batch):>6} phrases, {name:8} {time.perf_counter() - started:8.2f} s")
    return Lexicon.build(phrases)


def pages(folder: Path, words: Lexicon, many: Lexicon) -> None:
    files = [path for path in folder.rglob("*.html") if path.is_file()]
    for name, low, high in SIZES:
        bodies = [path.read_bytes() for path in files if low <= path.stat().st_size <= high]
        if not bodies:
            continue
        texts = ["\n".join(visible_text(body, "text/html").letters) for body in bodies]
        rows: dict[str, float] = {
            "bytes to scores": median_seconds(
                lambda body: words.scan(visible_text(body, "text/html").passages), bodies
            ),
            "... gzip": median_seconds(
                lambda body: words.scan(visible_text(body, "text/html", "gzip").passages), map(gzip.compress, bodies)
            ),
            "... 50,000 more phrases": median_seconds(
                lambda body: many.scan(visible_text(body, "text/html").passages), bodies
            ),
            "bytes to text": median_seconds(lambda body: visible_text(body, "text/html"), bodies),
            "text folded": median_seconds(fold, texts),
            "text to scores": median_seconds(lambda text: words.scan([text]), texts),
        }
        for label, seconds in rows.items():
            print(f"{name:>6} HTML, {len(bodies):4} pages, {label:24} {seconds * 1e3:8.3f} ms")


def throughput(words: Lexicon) -> None:
    for name, text in (
        ("ASCII", "The quick brown fox jumps. "),
        ("Vietnamese", "Hôm nay trời đẹp. "),
        ("Russian", "Сегодня. "),
    ):
        body = text * (4_000_000 // len(text.encode()))
        started = time.perf_counter()
        words.scan([body])
        print(f"raw text to scores, {name:10} {len(body.encode()) / 1e6 / (time.perf_counter() - started):8.0f} MB/s")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HEDGEROW_DATA") or "../data") / ""
    print(machine())
    words = loading()
    throughput(words)
    pages(folder, words, Lexicon.build(shipped() + made_up(50_000)))


if __name__ == "__main__":
    main()
