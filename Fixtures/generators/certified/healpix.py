"""HEALPix on balls: centres of pixels, interpolation weights, the pixel of a direction.

RING numbers. Ring i = 1...4 nside - 1 has cos(theta) = 1 - i^2/(3 nside^2) and 4i points for
i < nside, cos(theta) = 2 (2 nside - i)/(3 nside) and 4 nside points up to i = 3 nside, and is
mirrored below [Gorski2005]. Its first point lies half a spacing from phi = 0, except on rings
between the caps with i + nside odd, where it is at 0.
"""

import functools

from flint import arb, ctx, fmpq

from balls import ZERO, Undecided, Unproven

MARGIN = arb(2) ** -40
"""A direction closer than this to a border of pixels, in units of pixels, is undecided."""


def ring_shape(nside, i):
    """Number of points of ring i, number of its first pixel, and its shift in spacings."""
    total = 12 * nside * nside
    if i < nside:
        return 4 * i, 2 * i * (i - 1), fmpq(1, 2)
    if i <= 3 * nside:
        shift = fmpq(1, 2) if (i + nside) % 2 == 0 else fmpq(0)
        return 4 * nside, 2 * nside * (nside - 1) + (i - nside) * 4 * nside, shift
    k = 4 * nside - i
    return 4 * k, total - 2 * k * (k + 1), fmpq(1, 2)


def ring_cosine(nside, i):
    if i < nside:
        return 1 - fmpq(i * i, 3 * nside * nside)
    if i <= 3 * nside:
        return fmpq(2 * (2 * nside - i), 3 * nside)
    k = 4 * nside - i
    return fmpq(k * k, 3 * nside * nside) - 1


@functools.lru_cache(maxsize=None)
def ring_theta(nside, i, precision):
    return arb(ring_cosine(nside, i)).acos()


def ring_of_pixel(nside, pixel):
    """The ring that holds a pixel, by bisection over the first pixels."""
    low, high = 1, 4 * nside - 1
    while low < high:
        middle = (low + high + 1) // 2
        if ring_shape(nside, middle)[1] <= pixel:
            low = middle
        else:
            high = middle - 1
    return low


def centres(nside):
    """theta and phi of all pixels."""
    thetas, phis = [], []
    for i in range(1, 4 * nside):
        count, _, shift = ring_shape(nside, i)
        thetas += [ring_theta(nside, i, ctx.prec)] * count
        phis += [2 * arb.pi() * arb((k + shift) / count) for k in range(count)]
    return thetas, phis


def floor(value):
    """The whole number below a ball, which has to be the same for all of it."""
    number = value.floor().unique_fmpz()
    if number is None:
        raise Unproven()
    return int(number)


def whole_floor(value):
    """As `floor`, and not closer to a whole number than the margin."""
    number = floor(value)
    if not (value - number > MARGIN and number + 1 - value > MARGIN):
        raise Undecided("a direction lies on the border of two pixels")
    return number


def turns(phi, count):
    """phi in spacings of a ring of `count` points; exactly 0 for phi = 0."""
    return ZERO if phi == 0 else arb(float(phi)) * count / (2 * arb.pi())


def last_ring_north(nside, theta):
    """The last ring at or north of a direction: 0...4 nside - 1."""
    angle, low, high = arb(float(theta)), 0, 4 * nside - 1
    while low < high:
        middle = (low + high + 1) // 2
        centre = ring_theta(nside, middle, ctx.prec)
        if centre <= angle:
            low = middle
        elif centre > angle:
            high = middle - 1
        else:
            raise Unproven()
    return low


def pair(nside, i, phi, west=None):
    """West and east pixel of a ring and the weight of the east one.

    west: the number of the west pixel in its ring where it is given already.
    """
    count, first, shift = ring_shape(nside, i)
    place = turns(phi, count) - shift
    if west is None:
        west = floor(place)
    else:
        # The turn in which the pixel lies, from the middle of the interval.
        west += count * floor((place - west) / count + fmpq(1, 2))
    fraction = place - west
    if not (fraction > -MARGIN and fraction < 1 + MARGIN):
        raise ValueError("the direction does not lie between these pixels")
    return first + west % count, first + (west + 1) % count, fraction


def interpolation(nside, theta, phi, given=None):
    """The four pixels of a direction and their weights.

    given: pixels from elsewhere. The weights belong to them, also where a direction lies on a
    border to rounding and other pixels would do as well.
    """
    last = 4 * nside - 1
    angle = arb(float(theta))
    if given is None:
        north = last_ring_north(nside, theta)
    else:
        upper, lower = ring_of_pixel(nside, given[0]), ring_of_pixel(nside, given[2])
        north = upper if lower == upper + 1 or upper == last else 0
        if (upper, lower) not in [(north, north + 1), (1, 1), (last, last)]:
            raise ValueError("these pixels do not lie on neighbouring rings")

    def west(place, i):
        return None if given is None else given[place] - ring_shape(nside, i)[1]

    if north == 0:
        f = angle / ring_theta(nside, 1, ctx.prec)
        west_pixel, east_pixel, t = pair(nside, 1, phi, west(2, 1))
        rest = (1 - f) / 4
        pixels = [(west_pixel + 2) % 4, (east_pixel + 2) % 4, west_pixel, east_pixel]
        weights = [rest, rest, f * (1 - t) + rest, f * t + rest]
    elif north == last:
        edge = ring_theta(nside, last, ctx.prec)
        f = (angle - edge) / (arb.pi() - edge)
        first = ring_shape(nside, last)[1]
        west_pixel, east_pixel, t = pair(nside, last, phi, west(0, last))
        rest = f / 4
        pixels = [west_pixel, east_pixel, first + (west_pixel - first + 2) % 4,
                  first + (east_pixel - first + 2) % 4]
        weights = [(1 - f) * (1 - t) + rest, (1 - f) * t + rest, rest, rest]
    else:
        above, below = (ring_theta(nside, i, ctx.prec) for i in (north, north + 1))
        f = (angle - above) / (below - above)
        pixels, weights = [], []
        for place, i, share in [(0, north, 1 - f), (2, north + 1, f)]:
            west_pixel, east_pixel, t = pair(nside, i, phi, west(place, i))
            pixels += [west_pixel, east_pixel]
            weights += [share * (1 - t), share * t]
    if not (f > -MARGIN and f < 1 + MARGIN):
        raise ValueError("the direction does not lie between these rings")
    if given is not None and pixels != list(given):
        raise ValueError("these pixels are not those of the definition")
    return pixels, weights


def weights_of_pixels(nside, theta, phi, pixels):
    return interpolation(nside, theta, phi, pixels)[1]


def containing_pixel(nside, theta, phi):
    """The pixel that contains a direction, which has to lie off the borders."""
    angle = arb(float(theta))
    z = angle.cos()
    t = turns(phi, 4)
    t -= 4 * floor(t / 4)
    if abs(z) <= fmpq(2, 3):
        a = whole_floor(nside * (t + fmpq(1, 2)) - nside * z * fmpq(3, 4))
        d = whole_floor(nside * (t + fmpq(1, 2)) + nside * z * fmpq(3, 4))
        r = nside + 1 + a - d
        s = 1 - r % 2
        k = ((a + d - nside + s + 1 + 8 * nside) // 2) % (4 * nside)
        return 2 * nside * (nside - 1) + (r - 1) * 4 * nside + k
    if not abs(z) > fmpq(2, 3):
        raise Unproven()
    whole = floor(t)
    part = t - whole
    # nside sqrt(3 (1 - |cos|)), |cos| = 1 - 2 sin^2 of half the distance to the pole.
    half = angle / 2 if z > 0 else (arb.pi() - angle) / 2
    h = nside * arb(6).sqrt() * half.sin()
    a, d = inner_floor(part, h), inner_floor(1 - part, h)
    r = a + d + 1
    k = whole_floor_or_zero(t, r)
    if z > 0:
        return 2 * r * (r - 1) + k
    return 12 * nside * nside - 2 * r * (r + 1) + k


def inner_floor(part, h):
    """The floor of a product that may be exactly 0, at phi = 0."""
    return 0 if part.is_zero() or h.is_zero() else whole_floor(part * h)


def whole_floor_or_zero(t, r):
    return 0 if t.is_zero() else whole_floor(t * r)
