"""Harmonic transforms over rings on balls, as two stages of matrix products.

A field is a list with one matrix (lanes x points of the ring) per ring. Coefficients are a list
with one matrix (degrees m...lmax x 2 lanes) per order m; columns 2 lane and 2 lane + 1 hold real
and imaginary parts. Between them stand, for every order, cosine and sine amplitudes of each ring:
f(phi) = sum_m C_m cos(m phi) + S_m sin(m phi), matrices rings x lanes.
"""

from flint import arb, arb_mat, ctx

from balls import ONE, ZERO
from functions import Angle, circle, spin_column

LARGEST_STORED = 1_500_000
"""Tables of harmonics with more values than this are made again for every transform."""


class Rings:
    """Rings of equidistant points: exact doubles theta, phi0 and weight, and counts."""

    def __init__(self, theta, phi0, count, weight):
        self.theta = [float(value) for value in theta]
        self.phi0 = [float(value) for value in phi0]
        self.count = [int(value) for value in count]
        self.weight = [arb(float(value)) for value in weight]

    @classmethod
    def points(cls, theta, phi):
        """Single points as rings of one point each, of weight 1."""
        return cls(theta, phi, [1] * len(theta), [1.0] * len(theta))

    @property
    def point_count(self):
        return sum(self.count)


class Harmonics:
    """lambda of a spin on rings, order by order, and the transforms with it."""

    def __init__(self, rings, lmax, mmax, spin=0):
        self.rings, self.lmax, self.mmax, self.spin = rings, lmax, mmax, spin
        self.angles = [Angle(theta) for theta in rings.theta]
        self.stored = {}
        values = len(rings.theta) * (lmax + 1) * (mmax + 1) * (2 if spin else 1)
        self.stores = values <= LARGEST_STORED

    def table(self, m, derivative=False):
        """The matrix rings x degrees of order m (also negative), 0 below the spin."""
        key = m, derivative
        if key in self.stored:
            return self.stored[key]
        padding = [ZERO] * (max(abs(m), self.spin) - abs(m))
        degrees = self.lmax - abs(m) + 1
        rows = []
        for angle in self.angles:
            rows += (padding + spin_column(self.spin, m, angle, self.lmax, derivative))[:degrees]
        matrix = arb_mat(len(self.angles), degrees, rows)
        if self.stores:
            self.stored[key] = matrix
        return matrix

    # Synthesis

    def amplitudes(self, coefficients, doubled=True, once=False, derivative=False):
        """Cosine and sine amplitudes of a scalar field, [m][0 or 1][ring][lane].

        doubled: orders m > 0 count twice (a real field) or once (the gradient of analysis).
        once: an order of half the points of a ring counts once there, its imaginary part not.
        """
        result = []
        for m, matrix in enumerate(coefficients):
            sums = (self.table(m, derivative) * matrix).tolist()
            cosines = [row[0::2] for row in sums]
            sines = [[-value for value in row[1::2]] for row in sums]
            if m == 0:
                sines = [[ZERO] * len(row) for row in cosines]
            for ring, count in enumerate(self.rings.count):
                if once and 2 * m == count:
                    sines[ring] = [ZERO] * len(sines[ring])
                elif doubled and m > 0:
                    cosines[ring] = [value * 2 for value in cosines[ring]]
                    sines[ring] = [value * 2 for value in sines[ring]]
            result.append((cosines, sines))
        return result

    def spin_amplitudes(self, e, b, derivative=False):
        """The same of Q and of U: a pair.

        Q + iU = -sum_m (P_m e^{im phi} + N_m e^{-im phi}), P_m = sum_l (E + iB) lambda_lm and
        N_m = (-1)^m sum_l (conj E + i conj B) lambda_{l,-m} for m > 0.
        """
        q_result, u_result = [], []
        for m in range(self.mmax + 1):
            plus = self.table(m, derivative)
            er, ei, br, bi = parts(plus * e[m], plus * b[m])
            if m == 0:
                zeros = [[ZERO] * len(row) for row in er]
                q_result.append((negative(er), zeros))
                u_result.append((negative(br), zeros))
                continue
            p_real, p_imaginary = minus(er, bi), sum_of(ei, br)
            table = self.table(-m, derivative)
            er, ei, br, bi = parts(table * e[m], table * b[m])
            n_real, n_imaginary = sum_of(er, bi), minus(br, ei)
            if m % 2:
                n_real, n_imaginary = negative(n_real), negative(n_imaginary)
            q_result.append((negative(sum_of(p_real, n_real)), minus(p_imaginary, n_imaginary)))
            u_result.append((negative(sum_of(p_imaginary, n_imaginary)), minus(n_real, p_real)))
        return q_result, u_result

    def field(self, amplitudes):
        """The field of amplitudes: a matrix lanes x points for every ring."""
        fields = []
        for ring, count in enumerate(self.rings.count):
            lanes = len(amplitudes[0][0][ring])
            rows = [[] for _ in range(lanes)]
            for m, (cosine, sine) in enumerate(self.phases(ring)):
                cosines, sines = amplitudes[m][0][ring], amplitudes[m][1][ring]
                for lane in range(lanes):
                    c, s = cosines[lane], sines[lane]
                    rows[lane].append(c * cosine + s * sine)
                    rows[lane].append(s * cosine - c * sine)
            flat = [value for row in rows for value in row]
            fields.append(arb_mat(lanes, 2 * len(amplitudes), flat) * self.waves(count))
        return fields

    def synthesis(self, coefficients, doubled=True, once=False):
        return self.field(self.amplitudes(coefficients, doubled, once))

    def spin_synthesis(self, e, b):
        q, u = self.spin_amplitudes(e, b)
        return self.field(q), self.field(u)

    # Adjoints: plain sums over the points, without weights

    def waves(self, count):
        """cos(2 pi m k/count) and sin, a matrix 2 (mmax + 1) x count."""
        key = "waves", count
        if key not in self.stored:
            cosines, sines = circle(count, ctx.prec)
            flat = []
            for m in range(self.mmax + 1):
                places = [m * k % count for k in range(count)]
                flat += [cosines[place] for place in places]
                flat += [sines[place] for place in places]
            self.stored[key] = arb_mat(2 * (self.mmax + 1), count, flat)
        return self.stored[key]

    def phases(self, ring):
        """cos(m phi0) and sin(m phi0) of a ring, for m = 0...mmax."""
        key = "phases", ring
        if key not in self.stored:
            phi0 = self.rings.phi0[ring]
            pairs = []
            for m in range(self.mmax + 1):
                sine, cosine = (ZERO, ONE) if phi0 == 0 else (arb(phi0) * m).sin_cos()
                pairs.append((cosine, sine))
            self.stored[key] = pairs
        return self.stored[key]

    def ring_sums(self, fields):
        """Sums of f cos(m phi) and f sin(m phi) over every ring, [m][0 or 1][ring][lane]."""
        result = [([], []) for _ in range(self.mmax + 1)]
        for ring, field in enumerate(fields):
            sums = (field * self.waves(self.rings.count[ring]).transpose()).tolist()
            for m, (cosine, sine) in enumerate(self.phases(ring)):
                pairs = [(row[2 * m], row[2 * m + 1]) for row in sums]
                result[m][0].append([c * cosine - s * sine for c, s in pairs])
                result[m][1].append([c * sine + s * cosine for c, s in pairs])
        return result

    def adjoint(self, fields, once=False):
        """sum_p f_p conj(Y_lm(p)).

        once: for the gradient of a synthesis with that rule: rings with count = 2m give half of
        the real part (the factor 2 comes later), and no imaginary part.
        """
        result = []
        for m, (cosines, sines) in enumerate(self.ring_sums(fields)):
            rows = []
            for ring, count in enumerate(self.rings.count):
                single = once and 2 * m == count and m > 0
                for c, s in zip(cosines[ring], sines[ring]):
                    rows += [c / 2, ZERO] if single else [c, -s]
            rows = arb_mat(len(self.rings.count), len(rows) // len(self.rings.count), rows)
            result.append(self.table(m).transpose() * rows)
        return result

    def spin_adjoint(self, q, u):
        """E and B of Q + iU with all points alike, from A_lm and A_{l,-m}."""
        e_result, b_result = [], []
        q_sums, u_sums = self.ring_sums(q), self.ring_sums(u)
        rings = len(self.rings.count)
        for m in range(self.mmax + 1):
            (qc, qs), (uc, us) = q_sums[m], u_sums[m]
            plus, less = [], []
            for ring in range(rings):
                for c, s, d, t in zip(qc[ring], qs[ring], uc[ring], us[ring]):
                    plus += [c + t, d - s]
                    less += [c - t, d + s]
            columns = len(plus) // rings
            above = self.table(m).transpose() * arb_mat(rings, columns, plus)
            below = self.table(-m).transpose() * arb_mat(rings, columns, less)
            sign = -1 if m % 2 else 1
            e_rows, b_rows = [], []
            for a_row, n_row in zip(above.tolist(), below.tolist()):
                for place in range(0, columns, 2):
                    real, imaginary = a_row[place], a_row[place + 1]
                    if m == 0:
                        e_rows += [-real, ZERO]
                        b_rows += [-imaginary, ZERO]
                        continue
                    # (-1)^m conj(A_{l,-m})
                    other_real, other_imaginary = sign * n_row[place], -sign * n_row[place + 1]
                    e_rows += [-(real + other_real) / 2, -(imaginary + other_imaginary) / 2]
                    b_rows += [(other_imaginary - imaginary) / 2, (real - other_real) / 2]
            e_result.append(arb_mat(above.nrows(), columns, e_rows))
            b_result.append(arb_mat(above.nrows(), columns, b_rows))
        return e_result, b_result

    # Weights

    def weighted(self, fields):
        """Fields times the weight of a point of their ring."""
        return [field * weight for field, weight in zip(fields, self.rings.weight)]

    def masked(self, fields, mask):
        """Fields times a value for every point."""
        result, place = [], 0
        for field in fields:
            count = field.ncols()
            values = mask[place:place + count]
            place += count
            flat = [x * w for row in field.tolist() for x, w in zip(row, values)]
            result.append(arb_mat(field.nrows(), count, flat))
        return result


def parts(e, b):
    """Real and imaginary parts of products with E and B, [ring][lane] each."""
    e_rows, b_rows = e.tolist(), b.tolist()
    return ([row[0::2] for row in e_rows], [row[1::2] for row in e_rows],
            [row[0::2] for row in b_rows], [row[1::2] for row in b_rows])


def sum_of(first, second):
    return [[x + y for x, y in zip(*rows)] for rows in zip(first, second)]


def minus(first, second):
    return [[x - y for x, y in zip(*rows)] for rows in zip(first, second)]


def negative(rows):
    return [[-x for x in row] for row in rows]


def doubled_orders(coefficients):
    """Orders m > 0 times 2."""
    return [matrix * 2 if m else matrix for m, matrix in enumerate(coefficients)]


def halved_orders(coefficients):
    """Orders m > 0 divided by 2."""
    return [matrix / 2 if m else matrix for m, matrix in enumerate(coefficients)]


def added(first, second):
    return [x + y for x, y in zip(first, second)]


def subtracted(first, second):
    return [x - y for x, y in zip(first, second)]


def rotated_amplitudes(amplitudes):
    """Amplitudes of the derivative by phi."""
    return [
        ([[x * m for x in row] for row in sines], [[-x * m for x in row] for row in cosines])
        for m, (cosines, sines) in enumerate(amplitudes)
    ]
