"""The papers, books and manuals that the pages cite: one list for all chapters, by year.

A link is a DOI, arXiv, or the publisher's or author's own page; it is empty where there is none that lasts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

__all__ = ["SOURCES", "Source"]

_INITIALS = re.compile(r"^(?:(?:[A-ZŁ]\.-?)+ )+")


class Source(NamedTuple):
    """A paper, book or manual.

    Attributes
    ----------
    key
        How the prose refers to it: the first author's surname and the year, in small letters; without the year where it
        keeps changing.
    authors
        Their names as on the paper, with initials, divided by commas.
    year
        Of the paper, with a letter where the same authors have another one; or the word ``documentation``.
    title, where
        What it is called, and where it appeared.
    link
        Its address, or nothing.
    """

    key: str
    authors: str
    year: str
    title: str
    where: str
    link: str

    @property
    def by(self) -> str:
        """The authors as one would say them: ``X. Glorot and Y. Bengio``."""
        *front, last = self.authors.split(", ")
        return f"{', '.join(front)} and {last}" if front else last

    @property
    def short(self) -> str:
        """How the prose calls it: ``He et al. (2015)``."""
        first, *others = [_INITIALS.sub("", name) for name in self.authors.split(", ")]
        if len(others) > 1:
            first = f"{first} et al."
        elif others:
            first = f"{first} and {others[0]}"
        return f"{first} ({self.year})"

    @property
    def anchor(self) -> str:
        """The anchor of the heading `short` on the page of references: ``he-et-al-2015``."""
        return re.sub(r"[^a-z0-9\- ]", "", self.short.lower()).replace(" ", "-")

    @property
    def address(self) -> str:
        """The link as one reads it: ``arXiv:1502.01852``, ``doi:10.1038/323533a0``, or the name of the site."""
        host, _, path = self.link.partition("://")[2].removeprefix("www.").partition("/")
        if host == "arxiv.org":
            return f"arXiv:{path.removeprefix('abs/')}"
        return f"doi:{unquote(path)}" if host == "doi.org" else host


# fmt: off
_SOURCES = (
    Source("student1908", "Student", "1908", "The probable error of a mean", "Biometrika 6",
        "https://doi.org/10.1093/biomet/6.1.1"),
    Source("price1958", "R. Price", "1958", "A useful theorem for nonlinear devices having Gaussian inputs",
        "IRE Transactions on Information Theory 4", "https://doi.org/10.1109/TIT.1958.1057444"),
    Source("fenton1960", "L. F. Fenton", "1960",
        "The sum of log-normal probability distributions in scatter transmission systems",
        "IRE Transactions on Communications Systems 8", "https://doi.org/10.1109/TCOM.1960.1097606"),
    Source("polyak1964", "B. T. Polyak", "1964", "Some methods of speeding up the convergence of iteration methods",
        "USSR Computational Mathematics and Mathematical Physics 4",
        "https://doi.org/10.1016/0041-5553%2864%2990137-5"),
    Source("marchenko1967", "V. A. Marchenko, L. A. Pastur", "1967",
        "Distribution of eigenvalues for some sets of random matrices", "Mathematics of the USSR-Sbornik 1",
        "https://doi.org/10.1070/SM1967v001n04ABEH001994"),
    Source("rumelhart1986", "D. E. Rumelhart, G. E. Hinton, R. J. Williams", "1986",
        "Learning representations by back-propagating errors", "Nature 323", "https://doi.org/10.1038/323533a0"),
    Source("edelman1988", "A. Edelman", "1988", "Eigenvalues and condition numbers of random matrices",
        "SIAM Journal on Matrix Analysis and Applications 9", "https://doi.org/10.1137/0609045"),
    Source("bengio1994", "Y. Bengio, P. Simard, P. Frasconi", "1994",
        "Learning long-term dependencies with gradient descent is difficult", "IEEE Transactions on Neural Networks 5",
        "https://doi.org/10.1109/72.279181"),
    Source("williams1997", "C. K. I. Williams", "1997", "Computing with infinite networks", "NIPS 9",
        "https://proceedings.neurips.cc/paper/1996/hash/ae5e3ce40e0404a45ecacaaf05e5f735-Abstract.html"),
    Source("alpaydin1998", "E. Alpaydin, C. Kaynak", "1998", "Optical recognition of handwritten digits",
        "UCI Machine Learning Repository", "https://doi.org/10.24432/C50P49"),
    Source("lecun1998", "Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller", "1998", "Efficient BackProp",
        "Neural Networks: Tricks of the Trade, Springer", "https://doi.org/10.1007/3-540-49430-8_2"),
    Source("dugas2001", "C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia", "2001",
        "Incorporating second-order functional knowledge for better option pricing", "NIPS 13",
        "https://proceedings.neurips.cc/paper/2000/hash/44968aece94f667e4095002d140b5896-Abstract.html"),
    Source("hinton2006", "G. E. Hinton, S. Osindero, Y.-W. Teh", "2006",
        "A fast learning algorithm for deep belief nets", "Neural Computation 18",
        "https://doi.org/10.1162/neco.2006.18.7.1527"),
    Source("mezzadri2007", "F. Mezzadri", "2007", "How to generate random matrices from the classical compact groups",
        "Notices of the AMS 54", "https://arxiv.org/abs/math-ph/0609050"),
    Source("rudelson2007", "M. Rudelson, R. Vershynin", "2007",
        "Sampling from large matrices: an approach through geometric functional analysis", "Journal of the ACM 54",
        "https://doi.org/10.1145/1255443.1255449"),
    Source("bergstra2009", "J. Bergstra, G. Desjardins, P. Lamblin, Y. Bengio", "2009",
        "Quadratic polynomials learn better image features", "Technical report 1337, University of Montreal", ""),
    Source("cho2009", "Y. Cho, L. K. Saul", "2009", "Kernel methods for deep learning", "NIPS 22",
        "https://papers.nips.cc/paper/2009/hash/5751ec3e9a4feab575962e78e006250d-Abstract.html"),
    Source("glorot2010", "X. Glorot, Y. Bengio", "2010",
        "Understanding the difficulty of training deep feedforward neural networks", "AISTATS",
        "https://proceedings.mlr.press/v9/glorot10a.html"),
    Source("lisa2010", "LISA lab", "2010", "Deep learning tutorials: the multilayer perceptron",
        "University of Montreal", "https://github.com/lisa-lab/DeepLearningTutorials"),
    Source("martens2010", "J. Martens", "2010", "Deep learning via Hessian-free optimization", "ICML",
        "https://icml.cc/Conferences/2010/papers/458.pdf"),
    Source("nair2010", "V. Nair, G. E. Hinton", "2010", "Rectified linear units improve restricted Boltzmann machines",
        "ICML", "https://icml.cc/Conferences/2010/papers/432.pdf"),
    Source("glorot2011", "X. Glorot, A. Bordes, Y. Bengio", "2011", "Deep sparse rectifier neural networks", "AISTATS",
        "https://proceedings.mlr.press/v15/glorot11a.html"),
    Source("pedregosa2011", "F. Pedregosa, G. Varoquaux, A. Gramfort, V. Michel, others", "2011",
        "Scikit-learn: machine learning in Python", "Journal of Machine Learning Research 12",
        "https://jmlr.org/papers/v12/pedregosa11a.html"),
    Source("krizhevsky2012", "A. Krizhevsky, I. Sutskever, G. E. Hinton", "2012",
        "ImageNet classification with deep convolutional neural networks", "NIPS 25",
        "https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html"),
    Source("maas2013", "A. L. Maas, A. Y. Hannun, A. Y. Ng", "2013",
        "Rectifier nonlinearities improve neural network acoustic models",
        "ICML workshop on deep learning for audio, speech and language processing",
        "https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf"),
    Source("saxe2013", "A. M. Saxe, J. L. McClelland, S. Ganguli", "2013",
        "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", "ICLR (in 2014)",
        "https://arxiv.org/abs/1312.6120"),
    Source("srivastava2014", "N. Srivastava, G. E. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov", "2014",
        "Dropout: a simple way to prevent neural networks from overfitting", "Journal of Machine Learning Research 15",
        "https://jmlr.org/papers/v15/srivastava14a.html"),
    Source("sussillo2014", "D. Sussillo, L. F. Abbott", "2014",
        "Random walk initialization for training very deep feedforward networks", "arXiv",
        "https://arxiv.org/abs/1412.6558"),
    Source("he2015", "K. He, X. Zhang, S. Ren, J. Sun", "2015",
        "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification", "ICCV",
        "https://arxiv.org/abs/1502.01852"),
    Source("ioffe2015", "S. Ioffe, C. Szegedy", "2015",
        "Batch normalization: accelerating deep network training by reducing internal covariate shift", "ICML",
        "https://arxiv.org/abs/1502.03167"),
    Source("karpathy", "A. Karpathy", "2015", "CS231n lecture notes: neural networks, part 2", "Stanford University",
        "https://cs231n.github.io/neural-networks-2/"),
    Source("kingma2015", "D. P. Kingma, J. Ba", "2015", "Adam: a method for stochastic optimization", "ICLR",
        "https://arxiv.org/abs/1412.6980"),
    Source("le2015", "Q. V. Le, N. Jaitly, G. E. Hinton", "2015",
        "A simple way to initialize recurrent networks of rectified linear units", "arXiv",
        "https://arxiv.org/abs/1504.00941"),
    Source("karpathy2015b", "A. Karpathy", "2015b", "CS231n lecture notes: neural networks, part 3",
        "Stanford University", "https://cs231n.github.io/neural-networks-3/"),
    Source("nielsen2015", "M. A. Nielsen", "2015", "Neural networks and deep learning", "Determination Press",
        "http://neuralnetworksanddeeplearning.com"),
    Source("ba2016", "J. L. Ba, J. R. Kiros, G. E. Hinton", "2016", "Layer normalization", "arXiv",
        "https://arxiv.org/abs/1607.06450"),
    Source("clevert2016", "D.-A. Clevert, T. Unterthiner, S. Hochreiter", "2016",
        "Fast and accurate deep network learning by exponential linear units (ELUs)", "ICLR",
        "https://arxiv.org/abs/1511.07289"),
    Source("daniely2016", "A. Daniely, R. Frostig, Y. Singer", "2016",
        "Toward deeper understanding of neural networks: the power of initialization and a dual view on expressivity",
        "NIPS 29", "https://arxiv.org/abs/1602.05897"),
    Source("goodfellow2016", "I. Goodfellow, Y. Bengio, A. Courville", "2016", "Deep learning", "MIT Press",
        "https://www.deeplearningbook.org"),
    Source("he2016", "K. He, X. Zhang, S. Ren, J. Sun", "2016", "Deep residual learning for image recognition", "CVPR",
        "https://arxiv.org/abs/1512.03385"),
    Source("he2016b", "K. He, X. Zhang, S. Ren, J. Sun", "2016b", "Identity mappings in deep residual networks", "ECCV",
        "https://arxiv.org/abs/1603.05027"),
    Source("hendrycks2016", "D. Hendrycks, K. Gimpel", "2016", "Gaussian error linear units (GELUs)", "arXiv",
        "https://arxiv.org/abs/1606.08415"),
    Source("mishkin2016", "D. Mishkin, J. Matas", "2016", "All you need is a good init", "ICLR",
        "https://arxiv.org/abs/1511.06422"),
    Source("poole2016", "B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli", "2016",
        "Exponential expressivity in deep neural networks through transient chaos", "NIPS 29",
        "https://arxiv.org/abs/1606.05340"),
    Source("balduzzi2017", "D. Balduzzi, M. Frean, L. Leary, J. P. Lewis, K. W.-D. Ma, B. McWilliams", "2017",
        "The shattered gradients problem: if resnets are the answer, then what is the question?", "ICML",
        "https://arxiv.org/abs/1702.08591"),
    Source("goyal2017",
        "P. Goyal, P. Dollár, R. Girshick, P. Noordhuis, L. Wesolowski, A. Kyrola, A. Tulloch, Y. Jia, K. He", "2017",
        "Accurate, large minibatch SGD: training ImageNet in 1 hour", "arXiv", "https://arxiv.org/abs/1706.02677"),
    Source("huang2017", "L. Huang, X. Liu, Y. Liu, B. Lang, D. Tao", "2017",
        "Centered weight normalization in accelerating training of deep neural networks", "ICCV",
        "https://doi.org/10.1109/ICCV.2017.305"),
    Source("klambauer2017", "G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter", "2017",
        "Self-normalizing neural networks", "NIPS 30", "https://arxiv.org/abs/1706.02515"),
    Source("pennington2017", "J. Pennington, S. S. Schoenholz, S. Ganguli", "2017",
        "Resurrecting the sigmoid in deep learning through dynamical isometry: theory and practice", "NIPS 30",
        "https://arxiv.org/abs/1711.04735"),
    Source("ramachandran2017", "P. Ramachandran, B. Zoph, Q. V. Le", "2017", "Searching for activation functions",
        "arXiv", "https://arxiv.org/abs/1710.05941"),
    Source("schoenholz2017", "S. S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein", "2017",
        "Deep information propagation", "ICLR", "https://arxiv.org/abs/1611.01232"),
    Source("smilkov2017", "D. Smilkov, S. Carter, D. Sculley, F. B. Viégas, M. Wattenberg", "2017",
        "Direct-manipulation visualization of deep networks (the browser playground)", "arXiv",
        "https://arxiv.org/abs/1708.03788"),
    Source("taki2017", "M. Taki", "2017", "Deep residual networks and weight initialization", "arXiv",
        "https://arxiv.org/abs/1709.02956"),
    Source("vaswani2017",
        "A. Vaswani, N. Shazeer, N. Parmar, J. Uszkoreit, L. Jones, A. N. Gomez, Ł. Kaiser, I. Polosukhin", "2017",
        "Attention is all you need", "NIPS 30", "https://arxiv.org/abs/1706.03762"),
    Source("du2018", "S. S. Du, W. Hu, J. D. Lee", "2018",
        "Algorithmic regularization in learning deep homogeneous models: layers are automatically balanced",
        "NeurIPS 31", "https://arxiv.org/abs/1806.00900"),
    Source("elfwing2018", "S. Elfwing, E. Uchibe, K. Doya", "2018",
        "Sigmoid-weighted linear units for neural network function approximation in reinforcement learning",
        "Neural Networks 107", "https://doi.org/10.1016/j.neunet.2017.12.012"),
    Source("hanin2018", "B. Hanin, D. Rolnick", "2018",
        "How to start training: the effect of initialization and architecture", "NeurIPS 31",
        "https://arxiv.org/abs/1803.01719"),
    Source("hanin2018b", "B. Hanin", "2018",
        "Which neural net architectures give rise to exploding and vanishing gradients?", "NeurIPS 31",
        "https://arxiv.org/abs/1801.03744"),
    Source("lee2018", "J. Lee, Y. Bahri, R. Novak, S. S. Schoenholz, J. Pennington, J. Sohl-Dickstein", "2018",
        "Deep neural networks as Gaussian processes", "ICLR", "https://arxiv.org/abs/1711.00165"),
    Source("pytorchforum2018", "PyTorch forum", "2018", "Calculate_gain('tanh')", "Questions and answers",
        "https://discuss.pytorch.org/t/calculate-gain-tanh/20854"),
    Source("pennington2018", "J. Pennington, S. S. Schoenholz, S. Ganguli", "2018",
        "The emergence of spectral universality in deep networks", "AISTATS", "https://arxiv.org/abs/1802.09979"),
    Source("xiao2018", "L. Xiao, Y. Bahri, J. Sohl-Dickstein, S. S. Schoenholz, J. Pennington", "2018",
        "Dynamical isometry and a mean field theory of CNNs: how to train 10,000-layer vanilla "
        "convolutional neural networks",
        "ICML", "https://arxiv.org/abs/1806.05393"),
    Source("burkholz2019", "R. Burkholz, A. Dubatovka", "2019", "Initialization of ReLUs for dynamical isometry",
        "NeurIPS 32", "https://arxiv.org/abs/1806.06362"),
    Source("hanin2019", "B. Hanin, D. Rolnick", "2019", "Complexity of linear regions in deep networks", "ICML",
        "https://arxiv.org/abs/1901.09021"),
    Source("hayou2019", "S. Hayou, A. Doucet, J. Rousseau", "2019",
        "On the impact of the activation function on deep neural networks training", "ICML",
        "https://arxiv.org/abs/1902.06853"),
    Source("lu2019", "L. Lu, Y. Shin, Y. Su, G. E. Karniadakis", "2019",
        "Dying ReLU and initialization: theory and numerical examples", "arXiv", "https://arxiv.org/abs/1903.06733"),
    Source("radford2019", "A. Radford, J. Wu, R. Child, D. Luan, D. Amodei, I. Sutskever", "2019",
        "Language models are unsupervised multitask learners (GPT-2)", "OpenAI",
        "https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf"),
    Source("steinwart2019", "I. Steinwart", "2019", "A sober look at neural network initializations", "arXiv",
        "https://arxiv.org/abs/1903.11482"),
    Source("yang2019", "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz", "2019",
        "A mean field theory of batch normalization", "ICLR", "https://arxiv.org/abs/1902.08129"),
    Source("zhang2019", "H. Zhang, Y. N. Dauphin, T. Ma", "2019",
        "Fixup initialization: residual learning without normalization", "ICLR", "https://arxiv.org/abs/1901.09321"),
    Source("de2020", "S. De, S. L. Smith", "2020",
        "Batch normalization biases residual blocks towards the identity function in deep networks", "NeurIPS 33",
        "https://arxiv.org/abs/2002.10444"),
    Source("rister2020", "B. Rister, D. L. Rubin", "2020",
        "Probabilistic bounds on neuron death in deep rectifier networks", "arXiv", "https://arxiv.org/abs/2007.06192"),
    Source("sitzmann2020", "V. Sitzmann, J. N. P. Martel, A. W. Bergman, D. B. Lindell, G. Wetzstein", "2020",
        "Implicit neural representations with periodic activation functions", "NeurIPS 33",
        "https://arxiv.org/abs/2006.09661"),
    Source("brock2021", "A. Brock, S. De, S. L. Smith", "2021",
        "Characterizing signal propagation to close the performance gap in unnormalized ResNets", "ICLR",
        "https://arxiv.org/abs/2101.08692"),
    Source("hayou2021", "S. Hayou, E. Clerico, B. He, G. Deligiannidis, A. Doucet, J. Rousseau", "2021",
        "Stable ResNet", "AISTATS", "https://arxiv.org/abs/2010.12859"),
    Source("martens2021",
        "J. Martens, A. Ballard, G. Desjardins, G. Swirszcz, V. Dalibard, J. Sohl-Dickstein, S. S. Schoenholz", "2021",
        "Rapid training of deep neural networks without skip connections or normalization layers "
        "using deep kernel shaping",
        "arXiv", "https://arxiv.org/abs/2110.01765"),
    Source("pytorch2021", "PyTorch", "2021", "Add SELU activation to calculate_gain", "Pull request 50664",
        "https://github.com/pytorch/pytorch/pull/50664"),
    Source("yang2021", "G. Yang, E. J. Hu", "2021",
        "Tensor programs IV: feature learning in infinite-width neural networks", "ICML",
        "https://arxiv.org/abs/2011.14522"),
    Source("roberts2022", "D. A. Roberts, S. Yaida, B. Hanin", "2022", "The principles of deep learning theory",
        "Cambridge University Press", "https://arxiv.org/abs/2106.10165"),
    Source("yang2022",
        "G. Yang, E. J. Hu, I. Babuschkin, S. Sidor, X. Liu, D. Farhi, N. Ryder, J. Pachocki, W. Chen, J. Gao", "2022",
        "Tensor programs V: tuning large neural networks via zero-shot hyperparameter transfer", "arXiv",
        "https://arxiv.org/abs/2203.03466"),
    Source("yilmaz2022", "A. Yilmaz, R. Poli", "2022",
        "Successfully and efficiently training deep multi-layer perceptrons with logistic activation function simply "
        "requires initializing the weights with an appropriate negative mean",
        "Neural Networks 153", "https://doi.org/10.1016/j.neunet.2022.05.030"),
    Source("zhang2022", "G. Zhang, A. Botev, J. Martens", "2022",
        "Deep learning without shortcuts: shaping the kernel with tailored rectifiers", "ICLR",
        "https://arxiv.org/abs/2203.08120"),
    Source("doshi2023", "D. Doshi, T. He, A. Gromov", "2023",
        "Critical initialization of wide and deep neural networks using partial Jacobians: general theory and "
        "applications",
        "NeurIPS 36", "https://arxiv.org/abs/2111.12143"),
    Source("zhang2023", "A. Zhang, Z. C. Lipton, M. Li, A. J. Smola", "2023", "Dive into deep learning",
        "Cambridge University Press", "https://d2l.ai"),
    Source("flax", "Flax", "documentation", "Layers and their default initializers", "The Flax authors",
        "https://flax.readthedocs.io"),
    Source("haiku", "Haiku", "documentation", "Initializers", "The Haiku authors", "https://dm-haiku.readthedocs.io"),
    Source("jax", "JAX", "documentation", "Initializers (jax.nn.initializers)", "The JAX authors",
        "https://docs.jax.dev/en/latest/jax.nn.initializers.html"),
    Source("keras", "Keras", "documentation", "Layer weight initializers", "The Keras authors",
        "https://keras.io/api/layers/initializers/"),
    Source("nninit", "nninit", "documentation", "Parameter initialisation schemes for Torch7",
        "The nninit authors", "https://github.com/Kaixhin/nninit"),
    Source("pytorch", "PyTorch", "documentation", "Initialization (torch.nn.init)", "The PyTorch authors",
        "https://docs.pytorch.org/docs/stable/nn.init.html"),
    Source("tensorflow", "TensorFlow", "documentation", "The module tf.keras.initializers", "The TensorFlow authors",
        "https://www.tensorflow.org/api_docs/python/tf/keras/initializers"),
)
# fmt: on

SOURCES: Mapping[str, Source] = {source.key: source for source in _SOURCES}
"""Key -> source; those of one year by name, and manuals at the end."""
