"""Time is measured from when something was last seen to change, by one watch."""

from flows.stillness import Stillness


class Watch:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def test_what_is_seen_for_the_first_time_has_just_changed() -> None:
    assert Stillness(Watch()).seconds("worker", 1) == 0.0


def test_stillness_grows_until_the_value_changes() -> None:
    watch = Watch()
    stillness = Stillness(watch)
    stillness.seconds("worker", 1)

    watch.at += 7
    still = stillness.seconds("worker", 1)
    changed = stillness.seconds("worker", 2)
    watch.at += 2

    assert (still, changed, stillness.seconds("worker", 2)) == (7.0, 0.0, 2.0)


def test_after_an_outage_everything_begins_anew() -> None:
    watch = Watch()
    stillness = Stillness(watch)
    stillness.seconds("worker", 1)
    watch.at += 60

    stillness.clear()

    assert stillness.seconds("worker", 1) == 0.0
