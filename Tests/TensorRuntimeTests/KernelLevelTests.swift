import CKernels
import Foundation
import Testing

/// The levels that this CPU has.
private let levels: [serspec_kernels] = ["baseline", "avx2", "avx512"].compactMap { name in
  let table = serspec_kernels_for(name).pointee
  return String(cString: table.name) == name ? table : nil
}

@Suite("C loops, at every level this CPU has") struct KernelLevelTests {
  @Test func thereIsALevelForEveryCPU() {
    #expect(String(cString: serspec_kernels_for("baseline").pointee.name) == "baseline")
    #expect(levels.count >= 1)
  }

  /// Counts that are and are not multiples of every vector width.
  private let counts = [1, 3, 4, 7, 8, 15, 16, 17, 31, 64, 100]

  @Test func siluIsExactToAFewUlpAndKeepsItsEnds() {
    for kernels in levels {
      let x: [Float] = (0..<4001).map { Float($0 - 2000) / 20 }
      var y = [Float](repeating: .nan, count: x.count)
      kernels.silu(x.count, x, &y)
      for (value, found) in zip(x, y) {
        let exact = Double(value) / (1 + exp(-Double(value)))
        #expect(abs(Double(found) - exact) <= 4e-7 * abs(exact) + 1e-36)
      }
      var ends: [Float] = [.nan, 1e30, -1e4, 0]
      kernels.silu(4, ends, &ends)
      #expect(ends[0].isNaN && ends[1] == 1e30 && abs(ends[2]) < 1e-30 && ends[3] == 0)
    }
  }

  @Test func eluIsExactNearZero() {
    for kernels in levels {
      let x: [Float] = [-1e-6, -1e-3, -0.1, -1, -20, -200, 3]
      var y = [Float](repeating: .nan, count: x.count)
      kernels.elu(x.count, 1, x, &y)
      let exact = [-9.999995e-7, -9.995001666e-4, -0.09516258196, -0.6321205588, -0.9999999979, -1, 3]
      for (found, expected) in zip(y, exact) { #expect(abs(Double(found) - expected) <= 3e-7 * abs(expected)) }
    }
  }

  @Test func momentsOfALargeMeanKeepTheirDigits() {
    for kernels in levels {
      // 10 rows of 1000 used columns, 1003 apart: several blocks.
      let x: [Float] = (0..<10 * 1003).map { 10_000 + Float(($0 % 1003) % 2) }
      var (mean, deviation) = (0.0, 0.0)
      kernels.moments(10, 1000, 1003, x, &mean, &deviation)
      #expect(abs(mean - 10_000.5) < 1e-9)
      #expect(abs(deviation / 10_000 - 0.25) < 1e-6)
    }
  }

  @Test func dropoutDrawsTheSameMaskAtEveryLevel() {
    for count in counts {
      let masks = levels.map { kernels in
        let x = [Float](repeating: 1, count: count)
        var y = [Float](repeating: .nan, count: count)
        kernels.dropout(count, 77, 800, 30_000, 2, x, &y, 0)
        return y
      }
      #expect(masks.allSatisfy { $0 == masks[0] })
      #expect(masks[0].allSatisfy { $0 == 0 || $0 == 2 })
    }
  }

  @Test func levelsAgreeOnElementwiseLoopsOfEveryLength() {
    for count in counts {
      let x = (0..<count).map { Float($0 * 37 % 101) / 25 - 2 }
      let found = levels.map { kernels in
        var y = [Float](repeating: .nan, count: count + 1)
        kernels.silu_gradient(count, x, x, &y, 0)
        kernels.silu_gradient(count, x, x, &y, 1)
        return y
      }
      for values in found {
        #expect(values[count].isNaN, "wrote beyond the end")
        for index in 0..<count { #expect(abs(values[index] - found[0][index]) < 1e-5) }
      }
    }
  }
}
