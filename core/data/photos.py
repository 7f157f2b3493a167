"""Photos that everybody may use, bundled with scikit-image; nothing is fetched."""

import numpy as np
from numpy.typing import NDArray

from core.store import remembered

# Name on the page, and scikit-image's: CC0 or public domain, with whom to credit.
PHOTOS = {"Coffee": "coffee", "Cat": "chelsea", "Rocket": "rocket", "Astronaut": "astronaut"}
CREDITS = {
    "Coffee": "Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0",
    "Cat": "Chelsea, by Stéfan van der Walt, CC0",
    "Rocket": "Falcon 9 with DSCOVR, SpaceX, public domain",
    "Astronaut": "Eileen Collins, NASA, public domain",
}


@remembered
def photo(name: str) -> NDArray[np.uint8]:
    """One of PHOTOS in red, green and blue (H, W, 3), read-only."""
    if name not in PHOTOS:
        raise ValueError(f"name must be one of {', '.join(PHOTOS)}, got {name!r}")
    from skimage import data

    pixels = np.array(getattr(data, PHOTOS[name])())
    pixels.setflags(write=False)
    return pixels
