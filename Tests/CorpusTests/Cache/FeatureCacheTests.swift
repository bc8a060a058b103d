import Audio
import Corpus
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

/// What is found in the cache, and what is computed anew.
@Suite struct FeatureCacheTests {
  private let clips = CachedClips()

  @Test(arguments: [true, false]) func aSecondStoreReadsWhatTheFirstComputed(isFixed: Bool) throws {
    let folder = try TemporaryFolder()
    let length = try isFixed ? SpecPieces.fixed(0.5) : SpecPieces.batchLongest()
    let expected = try CachedClips.batch(clips.store(nil, length: length))
    #expect(clips.takeMade() == CachedClips.count)
    let first = try clips.store(CachedClips.cache(folder), length: length)
    #expect(try CachedClips.batch(first) == expected)
    #expect(first.report.parts.allSatisfy { $0.cached == 0 && $0.computed == CachedClips.count })
    #expect(clips.takeMade() == CachedClips.count)
    let second = try clips.store(CachedClips.cache(folder), length: length)
    #expect(try CachedClips.batch(second) == expected)
    #expect(second.report.parts.map(\.name) == (isFixed ? ["level", "image"] : ["waveform", "level", "image"]))
    #expect(second.report.parts.allSatisfy { $0.cached == CachedClips.count && $0.computed == 0 })
    #expect(second.takeFindings().isEmpty)
    #expect(clips.takeMade() == 0, "no clip is made again, not even for a batch")
  }

  @Test func lengthsAndWaveformsAreThoseOfTheClips() throws {
    let folder = try TemporaryFolder()
    let pipeline = try CachedClips.pipeline()
    for length in [try SpecPieces.fixed(0.5), try SpecPieces.batchLongest()] {
      for _ in 0..<2 {
        let store = try clips.store(CachedClips.cache(folder), length: length)
        for (index, source) in clips.sources().enumerated() {
          let waveform = pipeline.prepare(try source.load())
          #expect(store.samples(of: index) == waveform.count)
          #expect(try store.waveform(of: index) == waveform)
        }
      }
    }
  }

  @Test func waveformsAreKeptForThoseWhoAsk() throws {
    let folder = try TemporaryFolder()
    for expected in [CachedClips.count, 0] {
      let store = try FeatureStore(
        clips.sources(), pipeline: CachedClips.pipeline(), features: ["level"], threads: 2,
        cache: CachedClips.cache(folder), keepsWaveforms: true)
      _ = try store.waveform(of: 1)
      #expect(clips.takeMade() == expected)
    }
  }

  @Test func aChangedHopRebuildsWhatDependsOnIt() throws {
    let folder = try TemporaryFolder()
    _ = try clips.store(CachedClips.cache(folder))
    let changed = try clips.store(CachedClips.cache(folder), hop: 200)
    #expect(
      changed.report.text == "level: hop_length changed (160 -> 200), computing 4 clips; image: cached")
    #expect(try CachedClips.batch(changed) == CachedClips.batch(clips.store(nil, hop: 200)))
    let back = try clips.store(CachedClips.cache(folder))
    #expect(back.report.text == "level: cached; image: cached", "the first chain's results are still there")
  }

  @Test func otherPartsOfTheChainAreNamed() throws {
    let folder = try TemporaryFolder()
    _ = try clips.store(CachedClips.cache(folder), features: ["level"])
    let longer = try clips.store(CachedClips.cache(folder), length: SpecPieces.fixed(0.4), features: ["level"])
    #expect(longer.report.parts[0].reason == "seconds changed (0.5 -> 0.4)")
    let open = try clips.store(CachedClips.cache(folder), length: SpecPieces.batchLongest(), features: ["level"])
    #expect(open.report.parts.map(\.reason) == [nil, "length policy changed"])
    let other = try FeaturePipeline(
      audio: [
        SpecPieces.step(.audioStep, "resample", ["rate": .integer(16000)]), SpecPieces.step(.audioStep, "mono"),
      ], length: SpecPieces.fixed(0.5),
      features: [
        SpecPieces.feature("level", [SpecPieces.step(.featureStep, "rms", ["hop_length": .integer(160)])])
      ])
    let store = try FeatureStore(
      clips.sources(), pipeline: other, features: ["level"], threads: 1, cache: CachedClips.cache(folder))
    #expect(store.report.parts[0].reason?.contains("audio steps changed") == true)
  }

  @Test func onlyNewClipsAreComputed() throws {
    let folder = try TemporaryFolder()
    _ = try clips.store(CachedClips.cache(folder), sources: clips.sources(count: 3))
    _ = clips.takeMade()
    let store = try clips.store(CachedClips.cache(folder), sources: clips.sources(count: 5))
    #expect(clips.takeMade() == 2)
    #expect(store.report.text.hasPrefix("level: 3 of 5 clips cached, computing 2 clips"))
    let others = try clips.store(CachedClips.cache(folder), sources: clips.sources(pitch: 333))
    #expect(others.report.parts.allSatisfy { $0.cached == 0 && $0.reason == nil }, "other sound is no changed chain")
  }

  @Test func theNamesOfFeaturesAndClipsDoNotMatter() throws {
    let folder = try TemporaryFolder()
    _ = try clips.store(CachedClips.cache(folder))
    let frames: [String: FieldValue.Content] = ["frame_length": .integer(512), "hop_length": .integer(160)]
    let pipeline = try FeaturePipeline(
      audio: SpecPieces.audio(), length: SpecPieces.fixed(0.5),
      features: [SpecPieces.feature("loudness", [SpecPieces.step(.featureStep, "rms", frames)])])
    let renamed = clips.sources().map { ClipSource(name: "x\($0.name)", identity: $0.identity, load: $0.load) }
    let store = try FeatureStore(
      renamed, pipeline: pipeline, features: ["loudness"], threads: 1, cache: CachedClips.cache(folder))
    #expect(store.report.text == "loudness: cached")
  }

  @Test func clipsThatNothingTellsApartAreNotKept() throws {
    let folder = try TemporaryFolder()
    let store = try clips.store(CachedClips.cache(folder), sources: [Tone.source(count: 9000)])
    #expect(store.report.text == "level: no cache, computing 1 clip; image: no cache, computing 1 clip")
    #expect(try folder.names().isEmpty)
  }

  @Test func badClipsAreNamedEachTime() throws {
    let folder = try TemporaryFolder()
    let sources = clips.sources() + [.file(folder.file("none.wav"))]
    for _ in 0..<2 {
      let found = findings { _ = try clips.store(CachedClips.cache(folder), sources: sources) }
      #expect(found.map(\.id) == ["data.audio_missing"])
    }
  }

  @Test func aFolderThatCannotBeMadeIsAWarning() throws {
    let folder = try TemporaryFolder(["file"])
    let store = try clips.store(FeatureCache(folder: folder.file("file/cache")))
    #expect(store.takeFindings().map(\.id) == ["run.cache_unwritable"])
    #expect(store.takeFindings().isEmpty)
    #expect(try CachedClips.batch(store) == CachedClips.batch(clips.store(nil)))
    #expect(store.report.text.contains("no cache"))
  }

  @Test func theEnvironmentNamesTheFolder() {
    func folder(_ environment: [String: String]) -> String? {
      FeatureCache.standard(environment: environment)?.folder
    }
    #expect(folder(["HOME": "/h"]) == "/h/.cache/serspec")
    #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/serspec")
    #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "x"]) == "/h/.cache/serspec")
    #expect(folder(["HOME": "/h", "XDG_CACHE_HOME": "/x", "SERSPEC_CACHE": "/c"]) == "/c")
    #expect(folder(["HOME": "/h", "SERSPEC_CACHE": "off"]) == nil)
    #expect(folder(["HOME": "/h", "SERSPEC_CACHE": ""]) == "/h/.cache/serspec")
    #expect(folder([:]) == nil)
  }
}
