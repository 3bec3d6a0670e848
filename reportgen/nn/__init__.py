"""What a network is: initializers, activations, forward and backward pass, statistics, training, data sets."""
