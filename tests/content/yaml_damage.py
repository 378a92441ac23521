"""Damages YAML files in the ways in which people and disks do."""

from hypothesis import strategies as st

PLAIN = """
yes no 12 1.5 null ~ [] {} [ ] { } ( ) < > | ; : - # *a !! ... ? % @ ` é 0x1F 1_0 2001-01-01 .inf .nan " ' \\ <go>
{stretch} {1..3:n} {3..1:n} 9999999999999999999999 1e400 12:30:45 in out state cat right seconds rounds kneeling
"""
SPACED = ("", " ", ": ", "- ", "&a ", "!!int ", "!!python/object:x ", "\t", "\n", "\n\n", "---\n", ">-\n", "? ", "<<: ")
ODD = ("\x00", "\x85", "\u2028", "\ufeff")
TOKENS = [*PLAIN.split(), *SPACED, *ODD]


@st.composite
def damaged(draw: st.DrawFn, good: str) -> bytes:
    """Return a good file with some of its pieces deleted, doubled, moved or replaced."""
    text = good
    for _ in range(draw(st.integers(1, 4))):
        text = _damage(draw, text)
    content = text.encode("utf-8")
    if draw(st.integers(0, 20)) == 0:
        content = content[: draw(st.integers(0, len(content)))] + b"\xff\x00" + content
    return content


def _damage(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 30)))
    kind = draw(st.sampled_from(["replace", "insert", "delete", "double", "lose line", "outdent"]))
    if kind in ("replace", "insert"):
        token = draw(st.sampled_from(TOKENS))
        return text[:start] + token + text[end if kind == "replace" else start :]
    if kind in ("delete", "double"):
        return text[:start] + (text[start:end] * 2 if kind == "double" else "") + text[end:]
    lines = text.splitlines() or [""]
    number = draw(st.integers(0, len(lines) - 1))
    lines[number : number + 1] = [lines[number][2:]] if kind == "outdent" else []
    return "\n".join(lines)
