import Corpus
import Diagnostics
import Foundation
import Spec
import TensorRuntime

/// How long the clips of a training set are, for specs whose batches are as long as their longest clip.
public struct ClipLengths: Sendable {
  public enum Source: String, Sendable {
    /// Durations that a manifest gives.
    case manifest
    /// Drawn from the distribution that CREMA-D's durations have.
    case drawn
  }

  public let source: Source
  /// Of each training clip, in the order in which the split has them.
  public let seconds: [Double]

  /// The durations of the clips that train, as the manifest at `path` has them.
  ///
  /// - Throws: `DiagnosticFailure` where the manifest cannot be read or split (`data.*`, `split.*`), or has no durations
  ///   (`data.manifest_durations`).
  package init(_ spec: ExperimentSpec, manifest path: String) throws {
    var known: [String: Double] = [:]
    for entry in try Manifest(path: path).entries { known[entry.file] = entry.seconds }
    let list = try ClipList(spec, manifest: path)
    let train = try list.split(by: spec.split).train
    source = .manifest
    seconds = train.compactMap { known[list.clips[$0].relativePath] }
    guard seconds.count == train.count else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.manifest_durations", "the manifest \(path) does not say how long its clips are",
          detail: "Expected a column `seconds`, or `bytes` with the sizes of 16-bit mono WAV files at 16 kHz.")
      ])
    }
  }

  /// Durations from a log-normal distribution with the mean and deviation of CREMA-D's 7,442 clips (2.543 s and 0.506 s),
  /// none outside of their range (1.27 s to 5.01 s); as many as its training set has.
  package init(drawnBy key: RandomKey) {
    let (mean, deviation) = (2.543, 0.506)
    // The moments of exp(N(mu, sigma^2)) are exp(mu + sigma^2 / 2) and the root of (exp(sigma^2) - 1) exp(2 mu + sigma^2).
    let variance = log(1 + (deviation / mean) * (deviation / mean))
    let mu = log(mean) - variance / 2
    source = .drawn
    seconds = RandomStream(key).normals(count: 4948).map {
      min(max(exp(mu + variance.squareRoot() * Double($0)), 1.27), 5.01)
    }
  }
}
