import Diagnostics
import Foundation

/// What the cache holds: the source of `serspec cache`.
public struct CacheInventory: Sendable {
  /// One chain's results.
  public struct Pack: Sendable {
    /// The feature that it was first made for; `waveform` for prepared sound.
    public let name: String
    /// The digest of the chain: the file name.
    public let id: String
    /// The chain in a line; empty where the header is damaged.
    public let chain: String
    /// Whether this program's version on this CPU would use it.
    public let isCurrent: Bool
    /// Clips.
    public let entries: Int
    /// Of its files.
    public let bytes: Int
    public let lastUsed: Date
    /// What cannot be used of it, a sentence each; only `verified` looks at payloads.
    public let damage: [String]

    fileprivate let index: String
  }

  /// Latest used first.
  public let packs: [Pack]
  /// Files whose digest is remembered.
  public let audioFiles: Int
  /// Of all packs and the index of audio files.
  public let bytes: Int
  /// What is wrong with the index of audio files.
  public let audioDamage: [String]

  /// Looks at `cache`; with `verifying`, reads every payload and compares its checksum.
  public init(_ cache: FeatureCache, verifying: Bool = false) {
    packs = Self.indexPaths(cache.packFolder).map { Self.pack($0, verifying: verifying) }
    let audio = RecordFile.contents(cache.audioIndex)
    audioFiles = audio?.records.count ?? 0
    let size = Self.size(cache.audioIndex)
    bytes = packs.reduce(size) { $0 + $1.bytes }
    if let audio {
      audioDamage = audio.damaged == 0 ? [] : ["\(audio.damaged) damaged records"]
    } else {
      audioDamage = size == 0 ? [] : ["the header is damaged"]
    }
  }

  /// Whether nothing damaged was found.
  public var isWhole: Bool { audioDamage.isEmpty && packs.allSatisfy(\.damage.isEmpty) }

  /// The indices of all packs in `folder`, latest used first.
  static func indexPaths(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let paths = names.filter { $0.hasSuffix(PackFile.indexEnding) }.sorted().map { "\(folder)/\($0)" }
    return paths.map { ($0, lastUsed($0)) }.sorted { $0.1 > $1.1 }.map(\.0)
  }

  private static func pack(_ index: String, verifying: Bool) -> Pack {
    let stem = String(index.dropLast(PackFile.indexEnding.count))
    let data = stem + PackFile.dataEnding
    let contents = RecordFile.contents(index)
    let description = contents.flatMap { PackDescription(text: $0.text) }
    var damage: [String] = []
    if description == nil { damage.append("the header of its index is damaged") }
    if let damaged = contents?.damaged, damaged > 0 {
      damage.append("\(damaged) record\(damaged == 1 ? "" : "s") of its index \(damaged == 1 ? "is" : "are") damaged")
    }
    // The last record of a clip counts.
    let records = Dictionary((contents?.records ?? []).map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    if verifying {
      let damaged = damagedPayloads(data, records.values.sorted { $0.offset < $1.offset })
      if damaged > 0 { damage.append("\(damaged) of \(records.count) entries have other bytes than were written") }
    }
    return Pack(
      name: description?.name ?? "?", id: (stem as NSString).lastPathComponent, chain: description?.summary ?? "",
      isCurrent: description?.lines.first == "code = \(FeatureVersion.environment)", entries: records.count,
      bytes: size(index) + size(data), lastUsed: lastUsed(index), damage: damage, index: index)
  }

  private static func damagedPayloads(_ path: String, _ records: [PackRecord]) -> Int {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return records.count }
    defer { close(descriptor) }
    let data = FileAccess(descriptor: descriptor)
    return records.count { data.floats($0) == nil }
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func lastUsed(_ path: String) -> Date {
    var status = stat()
    guard stat(path, &status) == 0 else { return .distantPast }
    return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
  }
}

extension FeatureCache {
  /// Which packs to remove; those that a process has open stay readable for it.
  public struct Pruning: Sendable {
    /// Packs that were not used for so many days.
    public var olderThanDays: Double?
    /// Those that were not used the longest, until the others have at most so many bytes.
    public var maximumBytes: Int?
    /// Everything, what is remembered of audio files too.
    public var all: Bool

    public init(olderThanDays: Double? = nil, maximumBytes: Int? = nil, all: Bool = false) {
      (self.olderThanDays, self.maximumBytes, self.all) = (olderThanDays, maximumBytes, all)
    }
  }

  /// Removes packs and returns those that are gone.
  ///
  /// - Throws: a `DiagnosticFailure` (`run.cache_unwritable`) where a file cannot be removed.
  public func prune(_ pruning: Pruning, now: Date = Date()) throws -> [CacheInventory.Pack] {
    let inventory = CacheInventory(self)
    var bytes = inventory.bytes
    var removed: [CacheInventory.Pack] = []
    // The longest unused first.
    for pack in inventory.packs.reversed() {
      let isOld = pruning.olderThanDays.map { now.timeIntervalSince(pack.lastUsed) > $0 * 86_400 } ?? false
      let isTooMuch = pruning.maximumBytes.map { bytes > $0 } ?? false
      guard pruning.all || isOld || isTooMuch else { continue }
      // The index first: data without one is nothing, an index without data would look damaged.
      try remove(pack.index)
      try remove(pack.index.dropLast(PackFile.indexEnding.count) + PackFile.dataEnding)
      bytes -= pack.bytes
      removed.append(pack)
    }
    if pruning.all {
      try remove(audioIndex)
      // Data whose index is gone.
      let rest = (try? FileManager.default.contentsOfDirectory(atPath: packFolder)) ?? []
      for name in rest where name.hasSuffix(PackFile.dataEnding) { try remove("\(packFolder)/\(name)") }
    }
    return removed
  }

  private func remove(_ path: some StringProtocol) throws {
    guard unlink(String(path)) != 0, errno != ENOENT else { return }
    throw DiagnosticFailure([Self.unwritable(CacheFileError("remove \(path)"), folder: folder, .error)])
  }

  /// Says that the cache in `folder` cannot be written.
  static func unwritable(_ error: CacheFileError, folder: String, _ severity: Severity) -> Diagnostic {
    Diagnostic(
      "run.cache_unwritable", severity, "cannot write to the feature cache in '\(folder)'",
      detail: """
        The system said on trying to \(error.text). Make room or give leave to write, name another folder in SERSPEC_CACHE, or do \
        without the cache by SERSPEC_CACHE=off: features are then computed by each run.
        """)
  }
}
