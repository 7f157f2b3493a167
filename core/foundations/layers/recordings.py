"""What is recorded of the layers page: the default run, and the probes of every record."""

from core.foundations.layers.model import RECORDING, Config, training
from core.foundations.layers.reading import also_recorded
from core.recordings import Recorded

RECORDINGS = (Recorded(Config, training, RECORDING, also_recorded),)
