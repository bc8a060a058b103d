import ArgumentParser
import Corpus
import Diagnostics
import Foundation
import Reporting

/// `serspec cache`: what is kept of features from run to run.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Show, check and clear the feature cache.",
    discussion: """
      The cache is in $SERSPEC_CACHE, $XDG_CACHE_HOME/serspec or ~/.cache/serspec. Its entries are known by their content: by the
      bytes of the audio, the chain of steps and the program's version. It may be cleared at any time.
      """,
    subcommands: [List.self, Verify.self, Prune.self])

  /// The cache that the environment names.
  ///
  /// - Throws: `ValidationError` where it is switched off.
  fileprivate static func cache() throws -> FeatureCache {
    guard let cache = FeatureCache.standard() else {
      throw ValidationError("There is no cache: SERSPEC_CACHE is off, or neither it nor HOME names a folder.")
    }
    return cache
  }
}

extension CacheCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what the cache holds, latest used first.")

    @Flag(help: "Write one JSON document.")
    var json = false

    func run() throws {
      let cache = try CacheCommand.cache()
      let inventory = CacheInventory(cache)
      if json {
        Console.document(inventory.json(folder: cache.folder))
        return
      }
      for pack in inventory.packs {
        Console.result(
          "\(pack.id.prefix(12))  \(pack.name): \(counted(pack.entries, "clip")), \(byteText(pack.bytes)), last used "
            + "\(pack.lastUsed.formatted(.iso8601))\(pack.isCurrent ? "" : ", of another version or CPU")\n    \(pack.chain)"
        )
      }
      Console.result(
        "\(counted(inventory.packs.count, "chain")), \(counted(inventory.audioFiles, "audio file")) known, "
          + "\(byteText(inventory.bytes)) in \(cache.folder)")
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read all of the cache and compare checksums; exit code 4 where something is damaged.",
      discussion: "A run computes damaged entries again by itself.")

    @Flag(help: "Write one JSON document.")
    var json = false

    func run() throws {
      let cache = try CacheCommand.cache()
      let inventory = CacheInventory(cache, verifying: true)
      if json {
        Console.document(inventory.json(folder: cache.folder))
      } else {
        let entries = inventory.packs.reduce(0) { $0 + $1.entries }
        Console.result(
          "\(counted(entries, "entry", plural: "entries")) read, \(byteText(inventory.bytes)) in \(cache.folder)")
      }
      guard !inventory.isWhole else { return }
      let damage =
        inventory.packs.flatMap { pack in pack.damage.map { "\(pack.name) (\(pack.id.prefix(12))): \($0)" } }
        + inventory.audioDamage.map { "audio.index: \($0)" }
      Console.report(
        damage.map {
          Diagnostic(
            "data.cache_damaged", .error, $0,
            detail: "The next run that needs it computes it again; `serspec cache prune --all` clears the cache.")
        })
      throw ExitStatus.badData
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove features that were not used for long.",
      discussion: "Runs that use them just now are not disturbed.")

    @Option(help: "Remove what was not used for so many days.")
    var olderThan: Double?

    @Option(help: "Remove what was not used the longest, until so much is left: bytes, or a number with K, M, G or T.")
    var maxSize: String?

    @Flag(help: "Remove everything.")
    var all = false

    @Flag(help: "Write one JSON document.")
    var json = false

    func validate() throws {
      guard all || olderThan != nil || maxSize != nil else {
        throw ValidationError("Say what to remove: --older-than DAYS, --max-size SIZE or --all.")
      }
      if let olderThan, !(olderThan >= 0) { throw ValidationError("--older-than takes a number of days from 0 on.") }
      if let maxSize, bytes(maxSize) == nil {
        throw ValidationError("--max-size takes a number of bytes such as 500M or 2G, found '\(maxSize)'.")
      }
    }

    func run() throws {
      let cache = try CacheCommand.cache()
      let removed = try cache.prune(
        FeatureCache.Pruning(olderThanDays: olderThan, maximumBytes: maxSize.flatMap(bytes), all: all))
      let left = CacheInventory(cache)
      let freed = removed.reduce(0) { $0 + $1.bytes }
      if json {
        Console.document([
          "folder": .string(cache.folder), "removed": .array(removed.map(\.json)), "freed_bytes": .integer(freed),
          "bytes": .integer(left.bytes),
        ])
      } else {
        for pack in removed {
          Console.result("removed \(pack.name): \(counted(pack.entries, "clip")), \(byteText(pack.bytes))")
        }
        Console.result("\(byteText(freed)) freed, \(byteText(left.bytes)) left in \(cache.folder)")
      }
    }

    /// `500M` as a number of bytes; powers of 1024, as in `du -h`.
    private func bytes(_ text: String) -> Int? {
      let units: [Character: Double] = ["K": 1024, "M": 1_048_576, "G": 1_073_741_824, "T": 1_099_511_627_776]
      let unit = text.uppercased().last.flatMap { units[$0] }
      guard let number = Double(unit == nil ? text : String(text.dropLast())), number >= 0 else { return nil }
      return Int(exactly: (number * (unit ?? 1)).rounded())
    }
  }
}

/// `1 clip`, `3 clips`.
private func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `242.0 MB`
private func byteText(_ bytes: Int) -> String {
  bytes < 1_000_000 ? "\(bytes) bytes" : String(format: "%.1f MB", Double(bytes) / 1e6)
}

extension CacheInventory {
  /// What `cache list --json` and `cache verify --json` write.
  fileprivate func json(folder: String) -> JSON {
    [
      "folder": .string(folder), "bytes": .integer(bytes), "audio_files": .integer(audioFiles),
      "packs": .array(packs.map(\.json)), "damaged": .boolean(!isWhole),
      "audio_damage": .array(audioDamage.map(JSON.string)),
    ]
  }
}

extension CacheInventory.Pack {
  fileprivate var json: JSON {
    [
      "name": .string(name), "id": .string(id), "chain": .string(chain), "current": .boolean(isCurrent),
      "entries": .integer(entries), "bytes": .integer(bytes), "last_used": .string(lastUsed.formatted(.iso8601)),
      "damage": .array(damage.map(JSON.string)),
    ]
  }
}
