"""What is said of nets that have not trained: equal units, the scale of weights, tanh, ReLU.

The parameters of a saying are names of facts, its own name is that of the check, its docstring has the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from reportgen.chapters.check import Condition, above, below, same, within

__all__ = ["SAYINGS"]

Conditions = Iterable[Condition]


# Equal units ---------------------------------------------------------------------------------------------------------


def equal_stays(equal_units: float, equal_units_in_batches: float, equal_units_otherwise: float) -> Conditions:
    """Say that equal units stay equal: in mini-batches, at another rate, with more data, Adam or weight decay."""
    return same(equal_units, 1.0), same(equal_units_in_batches, 1.0), same(equal_units_otherwise, 1.0)


def random_parts(random_share: float, random_right: float, equal_right: float) -> Conditions:
    """Say that random units differ at all times and solve the circle, which equal ones do not."""
    return same(random_share, 1.0), above(random_right, 0.9), below(equal_right, 0.8)


def zeros_stand_still(zeros_moved: float) -> Conditions:
    """Say that from zeros no weight of a tanh or ReLU net ever moves."""
    return (same(zeros_moved, 0.0),)


def zeros_in_step(sigmoid_zeros_moved: float, sigmoid_zeros_units: float) -> Conditions:
    """Say that from zeros the hidden weights of a sigmoid net move, all units in step."""
    return above(sigmoid_zeros_moved, 0.05), same(sigmoid_zeros_units, 1.0)


def zeros_without_hidden_layer(no_hidden_layer_gap: float) -> Conditions:
    """Say that without a hidden layer random weights do not beat zeros by more than a few percent."""
    return (below(no_hidden_layer_gap, 0.03),)


def others_part(parted_by_noise: float, parted_by_biases: float, parted_by_dropout: float) -> Conditions:
    """Say that a little noise on the weights, random biases or dropout tell all units apart."""
    return same(parted_by_noise, 1.0), same(parted_by_biases, 1.0), same(parted_by_dropout, 1.0)


def less_noise_takes_longer(wait_of_less_noise: float) -> Conditions:
    """Say that the less noise there is on equal weights, the longer the units take to part."""
    return (above(wait_of_less_noise, 1),)


# Scale ---------------------------------------------------------------------------------------------------------------


def small_dies(small_saturated: float, small_slope: float, small_signal: float, small_gradient: float) -> Conditions:
    """Say that small weights saturate no tanh unit, keep slopes steep, and lose signal and gradient all the same."""
    lost = below(small_signal, 1e-4), below(small_gradient, 1e-4)
    return same(small_saturated, 0.0), above(small_slope, 0.8), *lost


def large_saturates(large_saturated: float, large_gradient: float, large_negligible: float) -> Conditions:
    """Say that large weights saturate most tanh units; the gradient grows, but most units get next to none of it."""
    return above(large_saturated, 0.8), above(large_gradient, 100), above(large_negligible, 0.5)


def relu_is_half_inactive(relu_inactive: float) -> Conditions:
    """Say that under He about half of the units of a ReLU layer are inactive."""
    return within(0.4, relu_inactive, 0.6)


def variance_is_one(sum_variance: float, gradient_variance: float) -> Conditions:
    """Say that with Var(w) = 1/fan_in a weighted sum has variance one, and with 1/fan_out a gradient keeps its own."""
    return *within(0.9, sum_variance, 1.1), *within(0.9, gradient_variance, 1.1)


def fixed_grows(fixed_growth: float) -> Conditions:
    """Say that with a fixed variance of the weights, Var(w·x) grows in proportion to the number of inputs."""
    return within(0.7, fixed_growth, 1.3)


def glorot_is_between(glorot_forward: float, glorot_backward: float) -> Conditions:
    """Say that with twice as many inputs as units Glorot misses one by a third, upward forward and downward back."""
    return *within(1.2, glorot_forward, 1.47), *within(0.6, glorot_backward, 0.73)


def uniform_is_normal(
    normal_variance: float, uniform_variance: float, he_factor: float, he_uniform_factor: float
) -> Conditions:
    """Say that normal and uniform weights of one formula do the same to a signal, within a few percent."""
    return below(abs(normal_variance - uniform_variance), 0.03), below(abs(he_factor - he_uniform_factor), 0.05)


def mean_adds(variance_with_mean: float, variance_with_correlation: float) -> Conditions:
    """Say that a mean of one standard deviation doubles Var(w·x), and correlated inputs leave it as it is."""
    return *within(1.8, variance_with_mean, 2.2), *within(0.85, variance_with_correlation, 1.15)


def correlation_parts_units(units_apart: float) -> Conditions:
    """Say that correlated inputs make units more than twice as unequal in variance."""
    return (above(units_apart, 2),)


# tanh ----------------------------------------------------------------------------------------------------------------


def tanh_fades(tanh_fading: float, glorot_tanh_signal: float, glorot_tanh_gradient: float) -> Conditions:
    """Say that under Glorot a tanh net's signal fades like a power of the depth, and fifty layers survive it."""
    alive = above(glorot_tanh_signal, 0.01), above(glorot_tanh_gradient, 0.01)
    return *within(0.5, tanh_fading, 2.0), *alive


def gain_pays_backward(gain_holds: float, gain_gradient: float) -> Conditions:
    """Say that with gain 5/3 a tanh net keeps its signal, and its gradient grows more than fiftyfold over the net."""
    return *within(0.9, gain_holds, 1.1), above(gain_gradient, 50)


def gains_differ(
    tanh_forward_gain: float, tanh_backward_gain: float, relu_gains_apart: float, other_gains_apart: float
) -> Conditions:
    """Say that tanh's signal asks for a larger gain than its gradient, others for another; ReLU has one for both."""
    tanh = above(tanh_forward_gain - tanh_backward_gain, 0.05)
    return tanh, above(other_gains_apart, 1.01), below(relu_gains_apart, 1e-9)


def selu_wants_one(selu_forward_gain: float, selu_torch_gain: float, selu_signal: float) -> Conditions:
    """Say that SELU keeps variance one with gain one; PyTorch's smaller gain leaves less than a third."""
    return *within(0.999, selu_forward_gain, 1.001), below(selu_torch_gain, 0.99), below(selu_signal, 1 / 3)


def gelu_depends(gelu_gain_of_short: float, gelu_gain_of_long: float) -> Conditions:
    """Say that fifty GELU layers want a larger gain for short inputs than for long ones, and He's or more for both."""
    return above(gelu_gain_of_short - gelu_gain_of_long, 0.05), above(gelu_gain_of_long, sqrt(2))


def sigmoid_loses(sigmoid_factor: float, sigmoid_gradient: float, sigmoid_mean_share: float) -> Conditions:
    """Say that under Glorot less than a quarter of a gradient passes a sigmoid layer, whose output is mostly mean."""
    return below(sigmoid_factor, 0.25), below(sigmoid_gradient, 1e-10), above(sigmoid_mean_share, 0.5)


def centered_carries(centered_signal: float, centered_gradient: float) -> Conditions:
    """Say that with weights that sum to zero over the inputs, fifty sigmoid layers carry signal and gradient."""
    return above(centered_signal, 0.01), *within(0.1, centered_gradient, 10)


def shifted_learns(shifted_difference: float, shifted_right: float) -> Conditions:
    """Say that a deep sigmoid net that is made of a tanh net computes the same, and learns."""
    return below(shifted_difference, 1e-10), above(shifted_right, 0.5)


# ReLU ----------------------------------------------------------------------------------------------------------------


def he_keeps(he_factor: float, glorot_factor: float) -> Conditions:
    """Say that He keeps the rms of a ReLU net's signal on average, Glorot less than three quarters per layer."""
    return *within(0.95, he_factor, 1.05), below(glorot_factor, 0.75)


def he_is_an_average(typical_length: float, shrunk_share: float) -> Conditions:
    """Say that the median of deep nets under He keeps less than two thirds of a length; most keep less than all."""
    return below(typical_length, 2 / 3), above(shrunk_share, 0.6)


def angles_close(first_cosine: float, last_cosine: float) -> Conditions:
    """Say that under He two inputs end up nearly parallel."""
    return below(first_cosine, 0.4), above(last_cosine, 0.95)


def born_dead_anyway(born_dead: float, born_dead_apart: float) -> Conditions:
    """Say that many very narrow and deep ReLU nets are born dead, the same ones at every scale of the weights."""
    return above(born_dead, 0.3), same(born_dead_apart, 0.0)


def fans_choose(
    fan_in_signal: float, fan_in_gradient: float, fan_out_signal: float, fan_out_gradient: float
) -> Conditions:
    """Say that in a funnel fan_in keeps the signal and halves the gradient, fan_out doubles one and keeps the other."""
    kept = *within(0.8, fan_in_signal, 1.25), *within(0.8, fan_out_gradient, 1.25)
    return *kept, *within(0.4, fan_in_gradient, 0.6), *within(1.6, fan_out_signal, 2.4)


def orthogonal_keeps(orthogonal_kept: float, independent_kept: float) -> Conditions:
    """Say that deep linear nets of orthogonal weights keep all directions, and independent weights lose most."""
    return same(orthogonal_kept, 1.0), below(independent_kept, 0.5)


def glorot_loses_relu(glorot_relu_signal: float) -> Conditions:
    """Say that fifty ReLU layers leave less than a ten-thousandth of a signal under Glorot."""
    return (below(glorot_relu_signal, 1e-4),)


def torch_loses_relu(torch_relu_signal: float, he_relu_signal: float, he_relu_gradient: float) -> Conditions:
    """Say that PyTorch's default weights lose the signal of fifty ReLU layers, and He's carry signal and gradient."""
    return below(torch_relu_signal, 1e-10), above(he_relu_signal, 0.01), above(he_relu_gradient, 0.01)


SAYINGS = (
    equal_stays,
    random_parts,
    zeros_stand_still,
    zeros_in_step,
    zeros_without_hidden_layer,
    others_part,
    less_noise_takes_longer,
    small_dies,
    large_saturates,
    relu_is_half_inactive,
    variance_is_one,
    fixed_grows,
    glorot_is_between,
    uniform_is_normal,
    mean_adds,
    correlation_parts_units,
    tanh_fades,
    gain_pays_backward,
    gains_differ,
    selu_wants_one,
    gelu_depends,
    sigmoid_loses,
    centered_carries,
    shifted_learns,
    he_keeps,
    he_is_an_average,
    angles_close,
    born_dead_anyway,
    fans_choose,
    orthogonal_keeps,
    glorot_loses_relu,
    torch_loses_relu,
)
