import CFFTW
import Synchronization

/// The discrete Fourier transform of real frames of one length by FFTW, in single precision.
///
/// FFTW's planner is not thread-safe, so plans are made under a lock, once a length; they are run on the caller's
/// buffers from any number of threads. Plans are estimated, not measured: measuring would let the
/// clock choose the algorithm, and with it the last bits.
package final class RealTransform: @unchecked Sendable {
  // Safe to share: a plan is never changed after it is made, and FFTW's new-array execution is re-entrant.
  private let plan: fftwf_plan
  /// Samples a frame.
  package let length: Int
  /// Frequencies from 0 to half the rate: length / 2 + 1.
  package var bins: Int { length / 2 + 1 }

  private static let cache = Mutex<[Int: RealTransform]>([:])

  /// FFTW's version and the instruction sets it was built for: `fftw-3.3.10-sse2-avx`.
  package static var libraryVersion: String { String(cString: serspec_fftw_version()) }

  /// The transform of frames of `length` samples.
  package static func of(length: Int) -> RealTransform {
    precondition(length > 0, "frames have samples")
    return cache.withLock { transforms in
      if let known = transforms[length] { return known }
      let made = RealTransform(length: length)
      transforms[length] = made
      return made
    }
  }

  /// Calls `body`, which makes FFTW plans, while nobody else makes any.
  package static func whilePlanning<Result>(_ body: () -> Result) -> Result { cache.withLock { _ in body() } }

  private init(length: Int) {
    self.length = length
    let input = AlignedFloats(count: length)
    let output = AlignedFloats(count: 2 * (length / 2 + 1))
    // FFTW gives nil only for arguments that make no sense (a length of 0 or less) or when memory is out.
    guard let plan = output.complex({ fftwf_plan_dft_r2c_1d(Int32(length), input.base, $0, FFTW_ESTIMATE) }) else {
      preconditionFailure("FFTW has no plan for \(length) samples")
    }
    self.plan = plan
  }

  /// Writes the `bins` interleaved complex values of the `length` samples at `input`, which it may overwrite. Both must
  /// be aligned as `AlignedFloats` are.
  package func run(_ input: UnsafeMutablePointer<Float>, to output: UnsafeMutablePointer<Float>) {
    output.withMemoryRebound(to: fftwf_complex.self, capacity: bins) { fftwf_execute_dft_r2c(plan, input, $0) }
  }
}

/// Memory aligned for SIMD, to 64 bytes.
package final class AlignedFloats {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  /// `count` floats, all zero.
  package init(count: Int) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  fileprivate func complex<Result>(_ body: (UnsafeMutablePointer<fftwf_complex>) -> Result) -> Result {
    base.withMemoryRebound(to: fftwf_complex.self, capacity: count / 2, body)
  }
}
