import CFFTW
import Synchronization

/// The inverse of `RealTransform`, without its factor 1 / length.
package final class InverseTransform: @unchecked Sendable {
  // Safe to share: a plan is never changed after it is made, and FFTW's new-array execution is re-entrant.
  private let plan: fftwf_plan

  private static let cache = Mutex<[Int: InverseTransform]>([:])

  /// The transform to frames of `length` samples.
  package static func of(length: Int) -> InverseTransform {
    precondition(length > 0, "frames have samples")
    return cache.withLock { transforms in
      if let known = transforms[length] { return known }
      let made = RealTransform.whilePlanning { InverseTransform(length: length) }
      transforms[length] = made
      return made
    }
  }

  private init(length: Int) {
    let input = AlignedFloats(count: 2 * (length / 2 + 1))
    let output = AlignedFloats(count: length)
    let plan = input.base.withMemoryRebound(to: fftwf_complex.self, capacity: length / 2 + 1) {
      fftwf_plan_dft_c2r_1d(Int32(length), $0, output.base, FFTW_ESTIMATE)
    }
    guard let plan else { preconditionFailure("FFTW has no plan for \(length) samples") }
    self.plan = plan
  }

  /// Writes the samples of the interleaved complex values at `input`, which it overwrites. Both must be aligned as
  /// `AlignedFloats` are.
  package func run(_ input: UnsafeMutablePointer<Float>, to output: UnsafeMutablePointer<Float>) {
    input.withMemoryRebound(to: fftwf_complex.self, capacity: 1) { fftwf_execute_dft_c2r(plan, $0, output) }
  }
}
