import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { LegacyRandom, randomNormals } from '../../shared/random.ts'
import { finish } from './steps.ts'

// All numbers are NumPy 1.24's after np.random.seed(…).
describe('NumPy’s legacy generator', () => {
  test('seed 0 begins with the four normal numbers everyone knows', () => {
    const random = new LegacyRandom(0)
    expect([random.randn(), random.randn(), random.randn(), random.randn()]).toEqual([
      1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458,
    ])
  })

  test('the largest seed works, and the state is renewed after 624 draws', () => {
    const values = finish(randomNormals(4294967295, 1000, 1))
    expect([values[0], values[1], values[998], values[999]]).toEqual([
      0.6484086742306527, 0.6693235306338161, -1.8762881428743927, 0.8396779525796308,
    ])
  })

  test('an odd and an even draw, far on, are the two of their pair', () => {
    const values = finish(randomNormals(7, 3001, 1))
    expect([values[2999], values[3000]]).toEqual([0.16500383860541135, 1.7202889319076085])
  })

  test('normal numbers whose logarithm is hard to round are NumPy’s', () => {
    const values = finish(randomNormals(0, 12_000, 1))
    const hard = [662, 663, 1032, 1033, 1804, 1805, 2658, 2659, 5708, 5709, 6040, 6041, 9008, 9009, 11868, 11869]
    expect(hard.map((i) => values[i])).toEqual([
      0.45248909263964643, 0.0978961454126271, -0.20694471055729102, -0.6780954607862469, -0.42870206558582885,
      -0.6378405564735843, 0.6498296346799787, 0.4347888054610397, 0.4544115993062357, 0.5498104050925419,
      0.8424672698181428, -0.0028453339692098628, -0.14711307593695994, -0.3678592222981023, 0.8955790037936688,
      0.3470619718704616,
    ])
  })

  test.each([
    [0, '46c2187108bcd75a7d00414eea2b85bbee677e0faf4de0deb2bf8ba56a00da15'],
    [2024, '708c53e48f431b0bd9cf91e9bf39637574d974ad1d55e80a41572e36b37834a9'],
    [4294967295, 'aeb6b68559a2250edd4f7aca8a424356c4471b8fea6f114146db54effad35a63'],
  ])('300,000 normal numbers of seed %i are NumPy’s to the last bit', (seed, sha256) => {
    // hashlib.sha256(np.random.randn(300000).tobytes()) with glibc on x86-64 with fused multiply-add
    const values = finish(randomNormals(seed, 300_000, 1))
    expect(createHash('sha256').update(values).digest('hex')).toBe(sha256)
  })

  test('uniform numbers have 53 random bits', () => {
    const random = new LegacyRandom(12345)
    const values = Array.from({ length: 700 }, () => random.rand())
    expect([values[0], values[1], values[311], values[312], values[699]]).toEqual([
      0.9296160928171479, 0.3163755545817859, 0.6821773028712336, 0.9213919700550424, 0.010526395989324033,
    ])
  })

  test('numbers asked for again are the same, whatever was done to those given before, and others for another scale', () => {
    const first = finish(randomNormals(3, 100, 2))
    const given = Float64Array.from(first)
    first.fill(0)
    expect(finish(randomNormals(3, 100, 2))).toEqual(given)
    expect(finish(randomNormals(3, 100, 4))).toEqual(given.map((value) => 2 * value))
    expect(finish(randomNormals(3, 99, 2))).toEqual(given.subarray(0, 99))
  })

  test('a scale multiplies each number', () => {
    expect(finish(randomNormals(0, 2, 0.01))).toEqual(
      Float64Array.of(0.01 * 1.764052345967664, 0.01 * 0.4001572083672233),
    )
  })
})
