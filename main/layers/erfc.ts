/**
 * The complementary error function 1 − erf(x), to within one unit in the last place.
 * From FreeBSD's s_erf.c: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro,
 * a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted,
 * provided that this notice is preserved.
 */

const erx = 8.45062911510467529297e-1

// erf(x) = x + x · P(x²) / Q(x²) on |x| < 0.84375
const pp = [
  1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
  -2.37630166566501626084e-5,
]
const qq = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
  -3.9602282787753681232e-6,
]
// erf(x) = erx + P(|x| − 1) / Q(|x| − 1) on 0.84375 ≤ |x| < 1.25
const pa = [
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
  -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
]
const qa = [
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
  1.36370839120290507362e-2, 1.1984499846799107417e-2,
]
// erfc(x) = exp(−x² − 0.5625 + R(1/x²) / S(1/x²)) / x on 1.25 ≤ x < 1/0.35
const ra = [
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
  -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
]
const sa = [
  1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
  4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
]
// … and on 1/0.35 ≤ x < 28
const rb = [
  -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2,
  -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
]
const sb = [
  1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
  2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
]

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = coefficients[i]! + x * value
  return value
}

const words = new DataView(new ArrayBuffer(8))

/** x with the lower half of its bits set to 0, so that its square is exact. */
function highWord(x: number): number {
  words.setFloat64(0, x)
  words.setUint32(4, 0)
  return words.getFloat64(0)
}

export function erfc(x: number): number {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return NaN
  if (size < 0.84375) {
    if (size < 2 ** -56) return 1 - x
    const square = x * x
    const y = polynomial(pp, square) / polynomial(qq, square)
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y)
  }
  if (size < 1.25) {
    const s = size - 1
    const y = polynomial(pa, s) / polynomial(qa, s)
    return x >= 0 ? 1 - erx - y : 1 + (erx + y)
  }
  if (size >= 28) return x > 0 ? 0 : 2
  if (x < -6) return 2
  const s = 1 / (x * x)
  const ratio = size < 1 / 0.35 ? polynomial(ra, s) / polynomial(sa, s) : polynomial(rb, s) / polynomial(sb, s)
  const z = highWord(size)
  const tail = (Math.exp(-z * z - 0.5625) * Math.exp((z - size) * (z + size) + ratio)) / size
  return x > 0 ? tail : 2 - tail
}
