"""What words cost: ``python -m tests.bench.bench_words [FOLDER OF PAGES]`` prints the machine and the figures.

It draws them over the size of a page and the number of phrases (words-cost.svg).

A page is measured from its bytes with all shipped lists and learned weights, five times, of which the least counts, for
neighbours on a machine only add; of all pages of a size the median. To its verdict: as the gateway asks for ages-11-13,
whose lowest threshold no topic may reach. To its scores: whatever reaches a point is told, as `hedgerow scan` does.
Targets: 10 KB in 0.4 ms, 100 KB in 2 ms to the verdict, 50,000 phrases loaded in 2 s, 100 MB/s of raw text.
"""

from __future__ import annotations

import gzip
import os
import pickle
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from hedgerow.core.learned import Model
from hedgerow.core.model import TopicScore, Where
from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.stores.kept_words import WEIGHTS, Words
from hedgerow.stores.word_weights import load_weights
from hedgerow.stores.words import load_words
from tests.bench.plot import Plot, drawn

WORDS = Path(__file__).parents[2] / "policies" / "words"
PICTURE = Path(__file__).with_name("words-cost.svg")
SIZES = (5, 10, 20, 40, 70, 100, 150)
"""KB of HTML; a page counts for a size when it has between 4/5 and 5/4 of it."""
PHRASES = (2_000, 10_000, 50_000)
"""Made-up ones beside the shipped."""
ROUNDS = 5
MOST = 60
"""Pages of a size."""

BAND = 3.0
"""Points: the lowest threshold of ages-11-13."""

PLOTS = (
    Plot(
        "A page, ms of one core",
        {"verdict": "to its verdict", "all": "to its scores", "html": "to its text"},
        "kb",
        " KB",
        2,
        "100 KB in 2 ms",
    ),
    Plot("A 10 KB page by phrases, ms", {"ten": "to its verdict"}, "phrases", ",000", 0.4, "0.4 ms", 1_000),
    Plot("Lists by phrases, seconds", {"made": "compiled", "opened": "opened"}, "phrases", ",000", 2, "2 s", 1_000),
)

type Row = dict[str, float]


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

    return statistics.median(min(once(item) for _ in range(ROUNDS)) for item in items)


def machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    python = f"Python {platform.python_version()}, which adds up a million numbers in {_million():.0f} ms"
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {python}"


def _million() -> float:
    """So that figures of two days can be compared: a virtual machine is not always as fast."""

    def once() -> float:
        started = time.thread_time()
        sum(range(1_000_000))
        return time.thread_time() - started

    return 1e3 * min(once() for _ in range(9))


def by_size(bodies: Sequence[bytes], words: Lexicon) -> Iterator[Row]:
    """The cost of a page over its size."""
    for kb in SIZES:
        if some := near(bodies, kb):
            row = {
                "kb": statistics.median(map(len, some)) / 1e3,
                "pages": len(some),
                "verdict": 1e3 * median_seconds(lambda body: verdict(words, body), some),
                "all": 1e3 * median_seconds(lambda body: words.scan(visible_text(body, "text/html").passages), some),
                "html": 1e3 * median_seconds(lambda body: visible_text(body, "text/html"), some),
                "gzip": 1e3
                * median_seconds(lambda body: visible_text(body, "text/html", "gzip"), map(gzip.compress, some)),
            }
            print("{kb:6.0f} KB HTML, {pages:3.0f} pages: {verdict:7.3f} ms to its verdict, {all:7.3f} to its "
                  "scores, {html:6.3f} to its text, {gzip:6.3f} from gzip".format(**row), flush=True)  # fmt: skip
            yield row


def verdict(words: Lexicon, body: bytes) -> tuple[TopicScore, ...]:
    return words.scan(visible_text(body, "text/html").passages, least=BAND)


def near(bodies: Sequence[bytes], kb: int) -> list[bytes]:
    return [body for body in bodies if kb * 800 <= len(body) <= kb * 1250][:MOST]


def by_phrases(bodies: Sequence[bytes], phrases: Sequence[Phrase], model: Model) -> Iterator[Row]:
    """The cost of lists and of a page of 10 KB over the number of phrases."""
    for count in (0, *PHRASES):
        batch = (*phrases, *made_up(count))
        started = time.perf_counter()
        words = Lexicon.build(batch, model)
        row = {"phrases": len(words), "made": time.perf_counter() - started}
        kept = pickle.dumps(Words("", batch, words), protocol=pickle.HIGHEST_PROTOCOL)
        started = time.perf_counter()
        pickle.loads(kept)
        row["opened"] = time.perf_counter() - started
        if ten := near(bodies, 10):
            row["ten"] = 1e3 * median_seconds(lambda body: verdict(words, body), ten)  # noqa: B023
        print("{phrases:6,.0f} phrases: compiled in {made:5.1f} s, opened in {opened:5.2f} s, {ten:6.3f} ms a page of "
              "10 KB".format(**{"ten": 0, **row}), flush=True)  # fmt: skip
        yield row


def throughput(words: Lexicon) -> None:
    for name, text in (
        ("ASCII", "The quick brown fox jumps. "),
        ("Vietnamese", "Hôm nay trời đẹp. "),
        ("Russian", "Сегодня. "),
    ):
        body = text * (4_000_000 // len(text.encode()))
        seconds = median_seconds(lambda text: words.scan([text]), [body])
        print(f"raw text to scores, {name:10} {len(body.encode()) / 1e6 / seconds:8.0f} MB/s", flush=True)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HEDGEROW_DATA") or "../data")
    bodies = [path.read_bytes() for path in sorted(folder.rglob("*.html")) if path.is_file()]
    random.Random(7).shuffle(bodies)
    print(machine())
    phrases, model = shipped(), load_weights(WORDS / WEIGHTS)
    words = Lexicon.build(phrases, model)
    throughput(words)
    rows = [*by_size(bodies, words), *by_phrases(bodies, phrases, model)]
    if bodies:
        PICTURE.write_text(
            drawn(PLOTS, rows, "What words cost, by the size of a page and the number of phrases"), "utf-8"
        )


if __name__ == "__main__":
    main()
