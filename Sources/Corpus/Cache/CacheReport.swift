/// What the cache had for a run, feature by feature.
public struct CacheReport: Sendable, Equatable {
  /// One pack: a feature, or the prepared waveforms.
  public struct Part: Sendable, Equatable {
    public let name: String
    /// Clips that were in the cache.
    public let cached: Int
    /// Clips that are computed.
    public let computed: Int
    /// Why none was there, as `hop_length changed (160 -> 200)`; nil where that is not known.
    public let reason: String?
  }

  public let parts: [Part]
  /// Whether what is computed is kept for other runs.
  public let isKept: Bool

  /// `spectral: hop_length changed (160 -> 200), computing 7442 clips; mel_image: cached`
  public var text: String {
    let texts = parts.map { part in
      if part.computed == 0 { return "\(part.name): cached" }
      let computing = "computing \(part.computed) clip\(part.computed == 1 ? "" : "s")"
      if part.cached > 0 {
        return "\(part.name): \(part.cached) of \(part.cached + part.computed) clips cached, \(computing)"
      }
      return "\(part.name): \(isKept ? part.reason ?? "not cached" : "no cache"), \(computing)"
    }
    return texts.joined(separator: "; ")
  }
}

extension FeatureCache {
  /// Why `description` has none of `keys`, by the likest pack that has some; nil where there is no such pack.
  func reason(for description: PackDescription, keys: some Collection<Digest>) -> String? {
    let sample = Set(keys.prefix(64))
    let others = descriptions().filter { $0.description.fileName != description.fileName }
      .map { (index: $0.index, name: $0.description.name, changes: description.changes(from: $0.description)) }
      .filter { $0.name == description.name || !$0.changes.contains("steps changed") }
      .sorted { $0.changes.count < $1.changes.count }
    for other in others {
      guard let records = RecordFile.contents(other.index)?.records,
        records.contains(where: { sample.contains($0.key) })
      else { continue }
      return other.changes.prefix(3).joined(separator: ", ") + (other.changes.count > 3 ? " and more" : "")
    }
    return nil
  }
}
