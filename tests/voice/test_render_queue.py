"""The order in which lines are rendered, what is cancelled, and how many can wait."""

from skill.voice.render_queue import LIMITS, ClipKey, Need, RenderQueue


def keys(*lines: str) -> list[ClipKey]:
    return [ClipKey(line, 150) for line in lines]


def rendered(queue: RenderQueue) -> list[tuple[str, Need]]:
    jobs = []
    while job := queue.pop():
        jobs.append((job[0].line, job[1]))
    return jobs


def test_what_is_needed_soonest_goes_first_and_nothing_twice() -> None:
    queue = RenderQueue()
    queue.replace(Need.LATER, keys("later", "next 2"))
    queue.replace(Need.ANSWER, keys("answer", "now 2"))
    queue.replace(Need.NEXT, keys("next 1", "next 2"))
    for key in keys("now 1", "now 2"):
        queue.add_now(key)
    assert len(queue) == 6
    assert rendered(queue) == [
        ("now 1", Need.NOW),
        ("now 2", Need.NOW),
        ("next 1", Need.NEXT),
        ("next 2", Need.NEXT),
        ("answer", Need.ANSWER),
        ("later", Need.LATER),
    ]


def test_lines_that_are_no_longer_wanted_are_cancelled() -> None:
    queue = RenderQueue()
    queue.add_now(*keys("asked"))
    queue.replace(Need.ANSWER, keys("answer", "both"))
    queue.replace(Need.NEXT, keys("a", "b", "both", "asked"))
    assert queue.replace(Need.NEXT, keys("c", "b")) == keys("a")
    assert [line for line, _ in rendered(queue)] == ["asked", "c", "b", "answer", "both"]


def test_each_kind_is_bounded() -> None:
    queue = RenderQueue()
    for need in (Need.NEXT, Need.ANSWER, Need.LATER):
        queue.replace(need, keys(*(f"{need} {number}" for number in range(2 * LIMITS[need]))))
    assert len(queue) == sum(LIMITS[need] for need in (Need.NEXT, Need.ANSWER, Need.LATER))
    assert rendered(queue)[LIMITS[Need.NEXT]] == ("2 0", Need.ANSWER)  # the soonest of each kind are kept


def test_only_lines_for_later_are_not_urgent() -> None:
    queue = RenderQueue()
    queue.replace(Need.LATER, keys("later"))
    assert not queue.is_urgent
    queue.replace(Need.ANSWER, keys("answer"))
    assert queue.is_urgent
