import Corpus
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

/// Several users of one cache, and its upkeep.
@Suite struct CacheSharingTests {
  private let clips = CachedClips()

  @Test func storesAtOnceShareTheirEntries() throws {
    let folder = try TemporaryFolder()
    let sources = clips.sources(count: 24)
    let expected = try CachedClips.batch(clips.store(nil, sources: sources), count: 24)
    let batches = Mutex<[[[Float]]]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let cache = CachedClips.cache(folder)
      guard let store = try? clips.store(cache, sources: sources), let batch = try? CachedClips.batch(store, count: 24)
      else { return }
      batches.withLock { $0.append(batch) }
    }
    #expect(batches.withLock { $0 } == Array(repeating: expected, count: 4))
    let inventory = CacheInventory(CachedClips.cache(folder), verifying: true)
    #expect(inventory.isWhole)
    #expect(inventory.packs.map(\.entries) == [24, 24])
    let image = try #require(inventory.packs.first { $0.name == "image" })
    #expect(image.bytes < 25 * 64 * 64 * 4, "no entry is written twice")
  }

  @Test func theInventoryTellsWhatIsThere() throws {
    let folder = try TemporaryFolder()
    let cache = CachedClips.cache(folder)
    #expect(CacheInventory(cache).packs.isEmpty && CacheInventory(cache).bytes == 0)
    _ = try clips.store(cache, features: ["level"])
    _ = try clips.store(cache, hop: 200, features: ["level"])
    let inventory = CacheInventory(cache)
    #expect(inventory.packs.count == 2)
    for pack in inventory.packs {
      #expect(pack.name == "level" && pack.entries == CachedClips.count && pack.isCurrent && pack.id.count == 32)
      #expect(abs(pack.lastUsed.timeIntervalSinceNow) < 60)
    }
    let steps = inventory.packs.map { $0.chain.components(separatedBy: " | ") }
    #expect(steps.allSatisfy { $0.count == 5 && $0[0].hasPrefix("resample rate 16000 ") && $0[2] == "z_score" })
    #expect(Set(steps.map { $0[4] }) == ["rms frame_length 512 hop_length 160", "rms frame_length 512 hop_length 200"])
    #expect(inventory.bytes == inventory.packs.reduce(64) { $0 + $1.bytes }, "with the index of audio files")
  }

  @Test func pruningTakesTheLongestUnused() throws {
    let folder = try TemporaryFolder()
    let cache = CachedClips.cache(folder)
    for hop in [100, 200, 400] { _ = try clips.store(cache, hop: hop, features: ["level"]) }
    func setAge(_ days: Double, hop: Int) throws {
      let pack = try #require(CacheInventory(cache).packs.first { $0.chain.hasSuffix("hop_length \(hop)") })
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)],
        ofItemAtPath: folder.file("cache/features/\(pack.id).index"))
    }
    for (hop, days) in [(100, 3.0), (200, 2), (400, 1)] { try setAge(days, hop: hop) }
    func left() -> [String] { CacheInventory(cache).packs.map { String($0.chain.suffix(3)) } }
    #expect(left() == ["400", "200", "100"], "latest used first")
    #expect(try cache.prune(.init(olderThanDays: 5)).isEmpty)
    #expect(try cache.prune(.init(olderThanDays: 2.5)).count == 1)
    #expect(left() == ["400", "200"])
    #expect(try cache.prune(.init(maximumBytes: CacheInventory(cache).bytes)).isEmpty)
    #expect(try cache.prune(.init(maximumBytes: CacheInventory(cache).bytes - 1)).count == 1)
    #expect(left() == ["400"])
    let open = try clips.store(cache, hop: 400, features: ["level"])
    #expect(try cache.prune(.init(all: true)).count == 1)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.file("cache")) == ["features"])
    _ = clips.takeMade()
    _ = try CachedClips.batch(open)
    #expect(clips.takeMade() == 0, "a store that has the files open can still read them")
  }
}
