"""HTML and XML to visible text: joins, separations, silence, attributes, and hostile nesting in bounded time."""

from __future__ import annotations

import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core import html
from hedgerow.core.html import html_passages, is_deep
from hedgerow.core.model import Passage, Place


def words(text: str) -> list[str]:
    return " ".join(passage.text for passage in html_passages(text)).split()


def placed(text: str) -> dict[str, str]:
    """What stands where."""
    return {str(passage.place): " ".join(passage.text.split()) for passage in html_passages(text)}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("bad<b></b>word", "badword"),
        ("bad<!-- -->word", "badword"),
        ("bad<!-->word", "badword"),
        ("bad<wbr>word", "badword"),
        ("bad<x-y></x-y>word", "badword"),
        ("<span>b</span><span>a</span><i>d</i>", "bad"),
        ("<p>one</p><p>two</p>", "one two"),
        ("<P>one</P><DIV>two</DIV>", "one two"),
        ("one<br>two<br/>three<hr>four", "one two three four"),
        ("<ul><li>one<li>two</ul>three", "one two three"),
        ("<table><tr><td>one<td>two<tr><th>three</table>", "one two three"),
        ("<h1>one</h1>two<div>three</div>four", "one two three four"),
        ("<select><option>one<option>two</select>", "one two"),
        ("<button>one</button><button>two</button>", "one two"),
        ("b&#97;dw&#x6f;rd", "badword"),
        ("b&amp;#97;dw&amp;#x6f;rd", "badword"),
        ("one&nbsp;two", "one two"),
        ("<script>no</script>one<style>no</style><template>no</template>", "one"),
        ("<script>no<!-- </script>one", "one"),
        ("<svg><text>one</text><script>no</script></svg>", "one"),
        ("<noscript>one</noscript>", "one"),
        ("<textarea>one</textarea>", "one"),
        ("<title>one</title><p>two", "one two"),
        ("<p hidden>one</p>", "one"),
        ('<img alt="one two">', "one two"),
        ('<a title="one" href=no>two</a>', "two one"),
        ('<input placeholder=one><input type=submit value="two">', "one two"),
        ('<button aria-label="one">x</button>', "x one"),
        ('<meta name=Description content="one two">', "one two"),
        ('<meta property="og:title" content="one">', "one"),
        ('<meta name=viewport content="no">', ""),
        ('<iframe srcdoc="<p>one</p>"></iframe>', "one"),
        ("<a href='no' onclick='no'>one</a>", "one"),
        ("<frameset><noframes>one</noframes></frameset>", "one"),
        ("", ""),
        ("plain", "plain"),
        ("<p title='a<p>b'>one", "one a <p>b"),
    ],
)
def test_visible_words(text: str, expected: str) -> None:
    assert words(text) == expected.split()


def test_the_title_stands_first() -> None:
    passages = html_passages("<title>T</title><body><p>B<img alt=A>")
    assert [passage.text.strip() for passage in passages] == ["T", "B", "A"]


N = 25_000
HOSTILE = {
    "deep": "<div>" * N + "badword",
    "deep paragraphs": "<div>" * N + "<p>x" * N + " badword",
    "formatting": "".join(f"<b a={i}>" for i in range(N)) + "<p>x</p>" * N + "badword",
    "many kinds": "".join(f"<x{i}>" for i in range(N)) + "badword",
    "false closers": "<div></i>" * N + "<p>x" * N + " badword",
    "lists": "<ul><li>" * N + "badword",
    "tables": "<table><tr><td>" * N + "badword",
    "links": "<a href=x>" * N + "badword",
    "entities": "&amp;" * (4 * N) + " badword",
    "open tags": "badword " + "<script " * N,
    "open quotes": "badword " + "<a title='" * N,
    "open comments": "badword " + "<!--" * N,
    "cdata": "badword <svg>" + "<![CDATA[" * N,
    "attributes": "<p " + "".join(f"a{i}=x " for i in range(N // 10)) + ">badword",
    "more tags than any page": "<p>x</p>" * 4 * N + " badword",
    "attributes, a page of them": "badword<p " + "".join(f"a{i}=x " for i in range(10 * N)),
    "attributes, quoted ends": "badword<p x=\">\" y='<' " + "".join(f"a{i}='>'" for i in range(8 * N)),
    "attributes, odd names": "badword<p =x " + "".join(f'a"{i}=">"' for i in range(8 * N)),
    "attributes, in many tags": ("<a " * 127 + ">") * 400 + "x" * 200_000 + " badword",
    "less than": "badword " + "< " * N + "<" * N,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_nesting_is_read_in_bounded_time(name: str) -> None:
    started = time.process_time()
    assert "badword" in words(HOSTILE[name])
    assert time.process_time() - started < 4  # a laptop needs 0.4 s at most


@pytest.mark.parametrize("block", ["p", "listing", "x-y", "center", "marquee", "td", "h1"])
@pytest.mark.parametrize("tag", ["b", "FONT", "i", "strike", "a", "nobr"])
@pytest.mark.parametrize("n", [450, 1600])
def test_formatting_left_open_is_not_copied_without_end(block: str, tag: str, n: int) -> None:
    opened = "".join(f"<{tag} a={i}>" for i in range(n))
    text = f"<p>{opened}</p>" + f"<{block}>x</{block}>" * n + " badword"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    assert "badword" in words(text)
    assert time.process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_is_deep_counts_what_is_open() -> None:
    assert not is_deep("<div></div>" * 1000 + "<p><li><br>" * 1000)
    assert is_deep("<div>" * 513)
    assert is_deep("<div></span>" * 513)


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="<>/!-abp &;#x\"'=[]CDATA ", max_size=200))
def test_any_markup_is_survived(text: str) -> None:
    html_passages(text)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    assert all(isinstance(passage, Passage) for passage in html_passages(text))


@pytest.mark.parametrize("tag", ["<b>", "<B class=x>", "<Strong/", "<sMALL\n", "<nobr>", "<u>"])
def test_formatting_is_counted_in_either_case(tag: str) -> None:
    assert len(html._FORMATS.numbers(f"a{tag}b".encode())) == 1


@pytest.mark.parametrize("tag", ["<body>", "<bigger>", "<br>", "<strongest>", "< b>", "<ul>", "<img>", "<s"])
def test_what_is_no_formatting_is_not_counted(tag: str) -> None:
    assert not html._FORMATS.numbers(f"a{tag}".encode())


def test_formatting_that_is_closed_is_left_as_it_is() -> None:
    numbers = html._FORMATS.numbers(b"<b></B ></b><i><u x></i></big>")
    assert html._most_open(numbers) == 2


PIECES = (
    "<p> </p> <P> <b> </b> <B> <i class=x> <style </style> <style> <script> </script> <!-- --> <textarea> "
    "</textarea> <table> <tr> <td> </table> x y word &amp &lt;p&gt; \" ' <a\u00a0title=\" <a\u00a0b=' > < "
    "/ = <svg> </svg> <title> </title> <select> <option> <pre> <frameset> <template> </template> <head> "
    "</head> <body> <html> <![CDATA[ ]]> <plaintext> <noscript> <math> <mtext> <iframe> </iframe> <p/ <br "
    "<x <!doctype <? <img\u00a0alt= <h1 <li> <button> <form> <foreignObject> <desc> <xmp> </xmp>"
).split(" ")


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_marks_of_headings_never_show(text: str) -> None:
    for heading in ("<h1>a</h1>", "<h1>b", "<h2><h3>c</h3><p>d</h2>"):
        assert not set("\ue001\ue002").intersection("".join(words(text + heading + text)))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("<title>one</title><p>two", {"title": "one", "body": "two"}),
        ("<h1>one</h1>two<H2 class=x>three</H2>four", {"heading": "one three", "body": "two four"}),
        ("<h1>one<h2>two</h2>three", {"heading": "one two", "body": "three"}),
        ("<h5>one</h5>", {"body": "one"}),
        (f"<h1>{'long ' * 100}</h1>x", {"body": "long " * 100 + "x"}),
        ("<h1>\ue002one</h1>\ue001", {"body": "one"}),
        ("<img alt=one><meta name=description content=two>", {"alt": "one", "meta": "two"}),
        ("<a href=x title=one>two</a>", {"body": "two", "link": "one"}),
        ("<iframe srcdoc='<b>one</b>'></iframe>", {"body": "one"}),
        ("<iframe src='data:text/html,<p>b%61d</p>'></iframe>", {"body": "bad"}),
    ],
)
def test_places(text: str, expected: dict[str, str]) -> None:
    assert placed(text) == expected


@pytest.mark.parametrize("tag", ["style<p", "script<br", "title<h1<h2"])
def test_a_tag_inside_a_name_hides_nothing(tag: str) -> None:
    """Browsers take ``<style<p>`` for an element of that name and show what is in it."""
    assert "seen" in words(f"<body><{tag}>seen</style></script>")


def test_what_is_too_much_for_a_tree_is_read_without_places() -> None:
    (passage,) = html_passages("<b>x</b>" * 40_000)
    assert set(passage.text) == {"x"} and passage.place is Place.BODY


@pytest.mark.parametrize("last", ["", ">badword"])
def test_long_attributes_are_not_many(last: str) -> None:
    """A picture written into its page is one attribute; its words need no counting."""
    text = "<p title='one' data-x='" + "a=b c " * 40_000 + f"' alt=two>three<img alt=four src='{'x ' * 9_000}'{last}>"
    assert html._CROWDED.search(text) is None
    assert html._CROWDED.search(text + "<p " + "a=1 b " * 1_000 + ">")
