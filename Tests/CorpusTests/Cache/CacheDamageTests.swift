import Corpus
import Foundation
import Spec
import TestSupport
import Testing

/// Whatever happens to the files, a store gives the right values, and mends them.
@Suite struct CacheDamageTests {
  private let clips = CachedClips()

  /// A cache of two clips and one feature of three values, as the bytes of its files by name.
  private struct SmallCache {
    static let clips = 2
    let folder: TemporaryFolder
    let files: [String: [UInt8]]
    let expected: [[Float]]
    private let pipeline: FeaturePipeline
    private let sources: [ClipSource]

    init(_ clips: CachedClips) throws {
      folder = try TemporaryFolder()
      let frames: [String: FieldValue.Content] = ["frame_length": .integer(64), "hop_length": .integer(400)]
      pipeline = try FeaturePipeline(
        audio: SpecPieces.audio(), length: SpecPieces.fixed(0.05),
        features: [SpecPieces.feature("level", [SpecPieces.step(.featureStep, "rms", frames)])])
      sources = clips.sources(count: Self.clips, length: 700)
      let store = try FeatureStore(
        sources, pipeline: pipeline, features: ["level"], threads: 1, cache: CachedClips.cache(folder))
      expected = try CachedClips.batch(store, count: Self.clips)
      let base = folder.file("cache")
      let names = try FileManager.default.subpathsOfDirectory(atPath: base).filter { !$0.hasSuffix("features") }
      files = try Dictionary(
        uniqueKeysWithValues: names.map { ($0, [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(base)/\($0)")))) })
    }

    func store() throws -> FeatureStore {
      try FeatureStore(
        sources, pipeline: pipeline, features: ["level"], threads: 1, cache: CachedClips.cache(folder))
    }

    func values() throws -> [[Float]] { try CachedClips.batch(store(), count: Self.clips) }

    /// Writes all files, `name` with other bytes.
    func write(_ name: String, _ bytes: [UInt8]) throws {
      for (file, whole) in files {
        try Data(file == name ? bytes : whole).write(to: URL(fileURLWithPath: folder.file("cache/\(file)")))
      }
    }

    var inventory: CacheInventory { CacheInventory(CachedClips.cache(folder), verifying: true) }
  }

  @Test func everyFlippedByteIsFoundAndMended() throws {
    let cache = try SmallCache(clips)
    #expect(cache.files.count == 3 && cache.inventory.isWhole)
    for (name, bytes) in cache.files {
      for place in bytes.indices {
        var damaged = bytes
        // Another bit each time.
        damaged[place] ^= 1 << UInt8(place % 8)
        try cache.write(name, damaged)
        guard !cache.inventory.isWhole else {
          Issue.record("byte \(place) of \(name) changed unseen")
          continue
        }
        let store = try cache.store()
        let values = try CachedClips.batch(store, count: SmallCache.clips)
        let word = store.takeFindings().map(\.id)
        guard values == cache.expected, cache.inventory.isWhole else {
          Issue.record("byte \(place) of \(name): wrong values, or not mended: \(cache.inventory.packs.map(\.damage))")
          continue
        }
        // What is remembered of audio files is only read again.
        if name != "audio.index", word != ["data.cache_damaged"] { Issue.record("byte \(place) of \(name): \(word)") }
      }
    }
  }

  @Test func filesMayEndAnywhere() throws {
    let cache = try SmallCache(clips)
    for (name, bytes) in cache.files {
      for count in bytes.indices {
        try cache.write(name, Array(bytes[..<count]))
        let values = try cache.values()
        guard values == cache.expected, cache.inventory.isWhole else {
          Issue.record("\(name) of \(count) bytes: wrong values, or not mended")
          continue
        }
      }
    }
  }

  @Test func filesMayBeMissing() throws {
    let cache = try SmallCache(clips)
    for name in cache.files.keys {
      try cache.write("", [])
      try FileManager.default.removeItem(atPath: cache.folder.file("cache/\(name)"))
      let values = try cache.values()
      #expect(values == cache.expected && cache.inventory.isWhole, "\(name)")
    }
  }

  @Test func damageDuringARunIsMendedAndSaid() throws {
    let cache = try SmallCache(clips)
    let store = try cache.store()
    let data = try #require(cache.files.keys.first { $0.hasSuffix(".data") })
    try cache.write(data, Array(repeating: 7, count: cache.files[data]?.count ?? 0))
    _ = clips.takeMade()
    #expect(try CachedClips.batch(store, count: SmallCache.clips) == cache.expected)
    #expect(clips.takeMade() == SmallCache.clips)
    let findings = store.takeFindings()
    #expect(findings.map(\.id) == ["data.cache_damaged", "data.cache_damaged"])
    #expect(findings.first?.summary.contains("clip 0") == true)
    #expect(try CachedClips.batch(store, count: SmallCache.clips) == cache.expected)
    #expect(clips.takeMade() == 0, "the new entries are read")
  }

  @Test func damagedWaveformsAreMadeAgain() throws {
    let folder = try TemporaryFolder()
    let length = try SpecPieces.batchLongest()
    let expected = try CachedClips.batch(clips.store(nil, length: length))
    _ = try clips.store(CachedClips.cache(folder), length: length)
    let packs = folder.file("cache/features")
    for name in try FileManager.default.contentsOfDirectory(atPath: packs) where name.hasSuffix(".data") {
      let url = URL(fileURLWithPath: "\(packs)/\(name)")
      var bytes = try Data(contentsOf: url)
      for place in stride(from: 0, to: bytes.count, by: 4000) { bytes[place] ^= 0x55 }
      try bytes.write(to: url)
    }
    let store = try clips.store(CachedClips.cache(folder), length: length)
    #expect(try CachedClips.batch(store) == expected)
    #expect(store.takeFindings().allSatisfy { $0.id == "data.cache_damaged" })
  }
}
