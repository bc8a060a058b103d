import Audio
import CKernels

/// The code that made what the cache holds.
enum FeatureVersion {
  /// The version of all code between a file's bytes and a feature's values: decoding, synthesis, audio steps, features.
  ///
  /// Raise it by hand with every change after which some clip's values have other bits; the caches of all users are then computed
  /// anew. A new kind of step, or a new field of one, needs no new version: it has a text of its own.
  static let current = 1

  /// What the bits depend on beside the chain: this version, the CPU's instruction set and FFTW, as `1 avx512 fftw-3.3.10-sse2-avx`.
  static let environment = "\(current) \(instructionSet) \(RealTransform.libraryVersion)"

  private static let instructionSet = String(cString: serspec_kernels_for(nil).pointee.name)
}
