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

  test('uniform numbers have 53 random bits', () => {
    const random = new LegacyRandom(12345)
    const values = Array.from({ length: 700 }, () => random.rand())
    expect([values[0], values[1], values[311], values[312], values[699]]).toEqual([
      0.9296160928171479, 0.3163755545817859, 0.6821773028712336, 0.9213919700550424, 0.010526395989324033,
    ])
  })

  test('a scale multiplies each number', () => {
    expect(finish(randomNormals(0, 2, 0.01))).toEqual(
      Float64Array.of(0.01 * 1.764052345967664, 0.01 * 0.4001572083672233),
    )
  })
})
