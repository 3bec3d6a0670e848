"""What is said of nets that train, of norms and branches, and in published recipes.

The parameters of a saying are names of facts, its own name is that of the check, its docstring has the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.chapters.check import Condition, above, below, same, within

__all__ = ["SAYINGS"]

Conditions = Iterable[Condition]


# Training ------------------------------------------------------------------------------------------------------------


def low_loss_is_no_sign(small_start_loss: float, small_learned: float, large_start_loss: float) -> Conditions:
    """Say that small weights start at the loss of a guess and hardly ever learn; large ones mostly far above."""
    return *within(0.95, small_start_loss, 1.05), below(small_learned, 0.05), above(large_start_loss, 2)


def small_last_layer_slows_tanh(tanh_right: float, tanh_right_from_guess: float) -> Conditions:
    """Say that tanh nets under Glorot get more right from their own last layer than from one of zeros."""
    return (above(tanh_right, tanh_right_from_guess),)


def small_last_layer_helps_selu(
    selu_start_loss: float, selu_right_early: float, selu_right_early_small: float
) -> Conditions:
    """Say that SELU nets under He start well above the loss of a guess, and a smaller last layer helps early on."""
    return above(selu_start_loss, 1.2), above(selu_right_early_small, selu_right_early)


def adam_wakes(woken_by_adam: float, woken_by_sgd: float, woken_deep: float) -> Conditions:
    """Say that Adam wakes small weights of shallow ReLU nets, which SGD does not, and not those of deeper nets."""
    return above(woken_by_adam, 0.17), below(woken_by_sgd, 0.17), below(woken_deep, 0.17)


def no_rate_rescues(best_of_all_rates: float) -> Conditions:
    """Say that no rate of SGD or Adam brings far too small or large weights to half of the right start."""
    return (below(best_of_all_rates, 0.5),)


def glorot_stalls(deep_glorot_loss: float, deep_he_loss: float) -> Conditions:
    """Say that with SGD deep ReLU nets from Glorot end at the loss of a guess, and those from He below it."""
    return *within(0.95, deep_glorot_loss, 1.05), below(deep_he_loss, 0.85)


def time_makes_up(glorot_at_first: float, glorot_in_the_end: float) -> Conditions:
    """Say that in ten ReLU layers Glorot is behind He after few updates of SGD, and comes closer with more."""
    return below(glorot_at_first, 0.9), above(glorot_in_the_end, glorot_at_first)


def adam_forgives(adam_apart: float) -> Conditions:
    """Say that in ten ReLU layers with Adam Glorot and He get the same to within a tenth, after many updates."""
    return (above(adam_apart, 0.9),)


# Normalized and residual nets ----------------------------------------------------------------------------------------


def batch_norm_grows(batch_norm_growth: float, batch_norm_starts_apart: float, both_growth: float) -> Conditions:
    """Say that behind batch norm alone a ReLU net's gradient explodes from all starts alike; in branches not."""
    return above(batch_norm_growth, 100), below(batch_norm_starts_apart, 3), below(both_growth, 100)


def norm_keeps_equal(equal_units_behind_norms: float) -> Conditions:
    """Say that no norm and no branch tells equal units apart."""
    return (same(equal_units_behind_norms, 1.0),)


def branches_learn(both_right: float, plain_right: float) -> Conditions:
    """Say that residual branches with batch norm learn from every start, plain nets not from small or large weights."""
    return above(both_right, 0.5), below(plain_right, 0.5)


def batch_norm_alone(batch_norm_right: float, both_relu_right: float) -> Conditions:
    """Say that ReLU nets with batch norm alone learn less than those with residual branches around it."""
    return (below(batch_norm_right, 0.8 * both_relu_right),)


def branches_add_up(branch_factor: float, scaled_growth: float) -> Conditions:
    """Say that He's whole branches multiply the rms by about the root of two; scaled ones by less than two in all."""
    return *within(1.25, branch_factor, 1.6), below(scaled_growth, 2.0)


# Published sentences -------------------------------------------------------------------------------------------------


def lecun_is_below_one(lecun_one_layer: float, lecun_settled: float, lecun_gradient: float) -> Conditions:
    """Say that LeCun's scaled tanh brings variance one below eight tenths in one layer, and below a half in many."""
    return below(lecun_one_layer, 0.8), below(lecun_settled, 0.5), *within(0.98, lecun_gradient, 1.02)


def sine_is_below_one(siren_settled: float) -> Conditions:
    """Say that the sums of a deep sine net settle at a variance below nine tenths."""
    return (below(siren_settled, 0.9),)


def gates_agree(
    shattered: float, shattered_by_coins: float, shattered_in_twenty: float, shattered_in_forty: float
) -> Conditions:
    """Say that ten ReLU layers leave gradients of two inputs more alike than ten coins do, by ten times and more.

    And that each doubling of the depth takes the same part, as it does where they fall like a power of the depth; under
    a constant factor per layer the second doubling would take the square of what the first does.
    """
    twice, twice_again = shattered_in_twenty / shattered, shattered_in_forty / shattered_in_twenty
    return above(shattered, 10 * shattered_by_coins), *within(0.75, twice_again / twice, 1.25)


SAYINGS = (
    low_loss_is_no_sign,
    small_last_layer_slows_tanh,
    small_last_layer_helps_selu,
    adam_wakes,
    no_rate_rescues,
    glorot_stalls,
    time_makes_up,
    adam_forgives,
    batch_norm_grows,
    norm_keeps_equal,
    branches_learn,
    batch_norm_alone,
    branches_add_up,
    lecun_is_below_one,
    sine_is_below_one,
    gates_agree,
)
