import Diagnostics
import Synchronization

/// One chain's results on many clips, by the clips' digests: kept in the cache, or, where there is none or it cannot be written, in a file
/// that goes away with the process.
final class FeaturePack: Sendable {
  let description: PackDescription
  private let file: PackFile?
  private let spill = SpillFile()
  /// Whether the cache still takes entries, and why it does not.
  private let trouble: Mutex<CacheFileError?>

  /// The pack of `description` in the cache, or without one.
  ///
  /// - Throws: `CacheFileError` where the cache's folder cannot be used.
  init(_ description: PackDescription, cache: FeatureCache?) throws(CacheFileError) {
    self.description = description
    file = try cache?.pack(description)
    trouble = Mutex(nil)
  }

  /// What was damaged when the pack was opened.
  var damage: RecordFile.Damage { file?.damage ?? RecordFile.Damage() }

  /// Why the cache takes no more entries, if it does not.
  var writeError: CacheFileError? { trouble.withLock { $0 } }

  /// Samples of the clip `key` behind the audio chain; nil where the pack does not have the clip.
  func samples(_ key: Digest) -> Int? { (spill.record(key) ?? file?.record(key))?.samples }

  /// The digest of the values of the clip `key`; nil where the pack does not have the clip.
  func digest(_ key: Digest) -> Digest? { (spill.record(key) ?? file?.record(key))?.digest }

  /// Whether the pack has the clip `key`.
  func contains(_ key: Digest) -> Bool { samples(key) != nil }

  /// The values of the clip `key`; nil where they are damaged, or the pack does not have them.
  func values(_ key: Digest) -> [Float]? {
    if spill.record(key) != nil { return spill.floats(key) }
    return file?.record(key).flatMap { file?.floats($0) }
  }

  /// Adds the values of a clip; with `replacing`, in place of damaged ones.
  ///
  /// - Throws: a `DiagnosticFailure` (`run.features_unwritable`) where they can be kept nowhere.
  func add(_ key: Digest, samples: Int, values: [Float], replacing: Bool = false) throws {
    if let file, writeError == nil {
      do {
        try file.add(key, samples: samples, values: values, replacing: replacing)
        return
      } catch {
        trouble.withLock { $0 = error }
      }
    }
    do {
      try spill.add(key, samples: samples, values: values)
    } catch {
      throw DiagnosticFailure([
        Diagnostic(
          "run.features_unwritable", "there is no room for the features",
          detail:
            "Neither the feature cache nor the folder for temporary files nor the memory takes them (\(error.text)).")
      ])
    }
  }
}
