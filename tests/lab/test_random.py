"""Random numbers of the lab: the same bits as in Python, streams of their own, and the normal distribution."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import kstest, norm

from tests.browsers.tab import Tab
from tests.lab.twin import USES, sfc, stream, uniforms

SEEDS = [0, 1, 7, 123_456_789, 2**31, 2**32 - 1]

CHANCE = 1e-6
"""A test of a distribution fails by chance this rarely, if the seed were another one."""

DRAWS = "([seed, use, layer, name, count]) => {\
    const random = use ? Lab.random.stream(seed, use, layer) : Lab.random.sfc32(seed);\
    return Array.from({length: count}, () => random[name]());\
}"


def first(numbers: object, count: int) -> list[float]:
    return list(islice(numbers, count))  # type: ignore[call-overload]


def test_the_twin_is_what_others_publish() -> None:
    # The first numbers on the words 0, 2 and 1 that Rust's crate rand_sfc has from PractRand, with as many left out.
    published = """03B80BB8 A87DBC7E 1787178C 4C7B7234 C65DADE2 2C692349 F52C2153 DF098072
                   9D49B03C 9562381A C9B41738 64B75E54 36CE9B32 F106947E 0AFC726B 549BBC87"""
    assert list(islice(sfc(0, 2, 1), 15, 31)) == [int(word, 16) for word in published.split()]


def test_the_twin_on_words_of_64_bits_is_numpys() -> None:
    theirs = np.random.SFC64()
    words = np.array([3, 5, 2**63 + 7, 1], dtype=np.uint64)
    theirs.state = {"bit_generator": "SFC64", "state": {"state": words}, "has_uint32": 0, "uinteger": 0}
    ours = sfc(3, 5, 2**63 + 7, bits=64, shifts=(11, 3, 24))
    assert first(ours, 50) == theirs.random_raw(50).tolist()


def test_the_first_number_of_seed_0_is_the_published_one(numerics: Tab) -> None:
    assert numerics.run(DRAWS, [0, "", 0, "next", 1]) == [0xFB52C520]


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_and_uniform_numbers_are_the_twins_bit_by_bit(numerics: Tab, seed: int) -> None:
    assert numerics.run(DRAWS, [seed, "", 0, "next", 200]) == first(stream(seed), 200)
    assert numerics.run(DRAWS, [seed, "", 0, "uniform", 200]) == first(uniforms(stream(seed)), 200)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
@pytest.mark.parametrize("use", USES)
def test_streams_are_the_twins(numerics: Tab, use: str, seed: int) -> None:
    for layer in (0, 1, 20):
        assert numerics.run(DRAWS, [seed, use, layer, "next", 20]) == first(stream(seed, use, layer), 20)


def test_a_counter_that_overflows_starts_again(numerics: Tab) -> None:
    """The state goes on as whole numbers modulo 2^32 however many numbers are drawn."""
    last = "([seed, count]) => { const random = Lab.random.sfc32(seed);\
        for (let k = 1; k < count; k++) random.next(); return random.next(); }"
    assert numerics.run(last, [5, 30_000]) == first(stream(5), 30_000)[-1]


def test_streams_of_other_seeds_uses_and_layers_have_nothing_in_common(numerics: Tab) -> None:
    keys = [[seed, use, layer] for seed in (0, 1, 2, 256) for use in USES for layer in (1, 2, 3)]
    drawn = numerics.run(f"keys => keys.map(key => ({DRAWS})([...key, 'uniform', 1000]))", keys)
    numbers = np.array(drawn)
    assert len(np.unique(numbers)) == numbers.size
    # A correlation of n independent pairs has a standard deviation of 1/sqrt(n); the greatest of 2,556 stays below 5.5.
    correlations = np.corrcoef(numbers)[np.triu_indices(len(keys), k=1)]
    assert np.abs(correlations).max() < 5.5 / np.sqrt(1000)
    # The same of neighbors: what stands beside a number says nothing of it.
    neighbors = [np.corrcoef(one[:-1], one[1:])[0, 1] for one in numbers]
    assert np.abs(neighbors).max() < 5 / np.sqrt(999)


def test_uniform_numbers_never_reach_0_or_1() -> None:
    """The least and the greatest come of words of only zeros and only ones."""
    assert next(uniforms(iter([0, 0]))) == 2**-53
    assert next(uniforms(iter([2**32 - 1, 2**32 - 1]))) == 1 - 2**-53


def test_uniform_and_normal_numbers_are_distributed_as_they_should_be(numerics: Tab) -> None:
    count = 20_000
    uniform, normal = (np.array(numerics.run(DRAWS, [3, "", 0, name, count])) for name in ("uniform", "normal"))
    assert kstest(uniform, "uniform").pvalue > CHANCE
    assert kstest(normal, "norm").pvalue > CHANCE
    # Moments of a standard normal: mean 0 +- 1/sqrt(n), variance 1 +- sqrt(2/n), skewness 0 +- sqrt(15/n) about 0.
    assert abs(normal.mean()) < 5 / np.sqrt(count)
    assert abs((normal**2).mean() - 1) < 5 * np.sqrt(2 / count)
    assert abs((normal**3).mean()) < 5 * np.sqrt(15 / count)
    assert abs((normal**4).mean() - 3) < 5 * np.sqrt(96 / count)


def test_a_normal_number_takes_one_uniform_one(numerics: Tab) -> None:
    normal, uniform = (np.array(numerics.run(DRAWS, [9, "weights", 2, name, 500])) for name in ("normal", "uniform"))
    np.testing.assert_allclose(normal, norm.ppf(uniform), rtol=1e-14)


def grid() -> np.ndarray:
    tail = np.geomspace(1e-300, 0.5, 3001)
    return np.concatenate([tail, 1 - tail[tail > 1e-16], 0.5 + np.linspace(-0.43, 0.43, 201)])


def test_quantiles_are_scipys(numerics: Tab) -> None:
    """Wichura promises about 1e-16 beside the rounding of some twenty operations, 1e-15 in practice."""
    p = grid()
    found = np.array(numerics.run("p => p.map(Lab.random.quantile)", p.tolist()))
    expected = norm.ppf(p)
    assert p.min() == 1e-300
    assert p.max() == 1 - 2**-53
    np.testing.assert_allclose(found, expected, rtol=2e-15, atol=1e-300)


def test_a_cheaper_formula_would_be_noticed(numerics: Tab) -> None:
    """A table that is wrong in its eighth digit does not pass for scipy's."""
    p = grid()
    found = np.array(numerics.run("p => p.map(Lab.random.quantile)", p.tolist()))
    assert not np.allclose(found * (1 + 1e-8), norm.ppf(p), rtol=2e-15, atol=1e-300)


def test_quantiles_of_0_and_1_are_infinite_and_of_no_number_none(numerics: Tab) -> None:
    found = numerics.run("p => p.map(Lab.random.quantile)", [0, 1, 0.5, np.nan])
    np.testing.assert_array_equal(found, [-np.inf, np.inf, 0, np.nan])


def test_probabilities_are_scipys(numerics: Tab) -> None:
    """Relatively, too: far out exp(-z²/2) carries the rounding of z²/2, about z² 2^-53."""
    z = np.concatenate([np.linspace(-37, 37, 7401), [-3.0, 3.0]])
    found = np.array(numerics.run("z => z.map(Lab.random.probability)", z.tolist()))
    np.testing.assert_allclose(found, ndtr(z), rtol=1e-12)
    near = np.abs(z) < 5
    np.testing.assert_allclose(found[near], ndtr(z[near]), rtol=2e-14)
