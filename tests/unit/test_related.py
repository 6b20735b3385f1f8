"""Related posts: by tags, by rare words; the same for every order of work."""

from __future__ import annotations

import random
import time

from generator.related import Post, related, words_of


def post(path: str, tags: str = "", words: str = "") -> Post:
    return Post(path, tuple(tags.split()), words_of(words))


def test_a_shared_rare_tag_counts_more_than_a_common_one() -> None:
    posts = [
        post("a", "ink rare"),
        post("b", "ink"),
        post("c", "ink rare"),
        post("d", "ink"),
        post("e", "ink"),
    ]
    assert related(posts, 1)["a"] == ["c"]


def test_rare_words_count_where_no_tag_is_shared() -> None:
    posts = [
        post("a", "", "Collatz conjecture walks home"),
        post("b", "", "bread recipe"),
        post("c", "", "the Collatz conjecture walks again"),
    ]
    assert related(posts, 3) == {"a": ["c"], "c": ["a"]}


def test_nothing_in_common_is_no_relation() -> None:
    assert related([post("a", "x", "apples"), post("b", "y", "pears")], 3) == {}


def test_case_of_tags_and_words_does_not_matter_and_a_post_is_not_its_own_relation() -> None:
    found = related([post("a", "Ink ink"), post("b", "INK")], 3)
    assert found == {"a": ["b"], "b": ["a"]}


def test_ten_thousand_posts_take_ten_times_what_a_thousand_take() -> None:
    """The work grows with the site and no faster."""
    dice = random.Random(1)
    words = [f"{a}{b}{c}word" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]

    def taken(count: int) -> float:
        posts = [
            Post(str(n), tuple(dice.sample(words[:40], 3)), tuple(sorted(dice.sample(words, 30))))
            for n in range(count)
        ]
        start = time.process_time()
        related(posts, 3)
        return time.process_time() - start

    # The least of many is what the work takes, however busy the machine is.
    assert min(taken(5000) for _ in range(5)) < 14 * min(taken(500) for _ in range(10))
