"""sentences -> the disclosures they answer: a linear model over meaning and words, taught by examples."""

from esg.classify.classifier import Classifier, teach
from esg.classify.examples import Example, own_examples
from esg.classify.keep import load, save

__all__ = ["Classifier", "Example", "load", "own_examples", "save", "teach"]
