import Diagnostics
import Dispatch
import Foundation
import Spec
import Synchronization

/// What `writeCorpus` wrote.
public struct WrittenCorpus: Sendable {
  public let clips: Int
  public let seconds: Double
  public let warnings: [Diagnostic]
}

/// Writes a synthesized corpus as 16-bit mono WAV files at 16 kHz into `folder`, which is made if need be: its own clips, or
/// with `manifest` the names in it, each as long as the manifest says.
///
/// Clips are made in parallel on all cores; their bytes do not depend on how many there are. A file is written under a
/// temporary name and renamed when it is whole. `progress` is called from several threads with the number of clips done and
/// the number of all. Throws a `DiagnosticFailure`: what `SpeechSynthesizer` and `Manifest` find, or `run.write_failed`.
public func writeCorpus(
  to folder: String, corpus: CorpusSpec, manifest: Manifest? = nil,
  progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws -> WrittenCorpus {
  let synthesizer = try SpeechSynthesizer(corpus: corpus)
  let scan = try manifest?.references(corpus: corpus)
  let clips = try scan?.clips ?? synthesizer.clips()
  let durations = Dictionary(
    (manifest?.entries ?? []).map { ($0.file, $0.seconds) }, uniquingKeysWith: { first, _ in first })
  try makeFolders(for: clips, below: folder)
  let state = Mutex((done: 0, samples: 0, failure: Diagnostic?.none))
  DispatchQueue.concurrentPerform(iterations: clips.count) { index in
    if state.withLock({ $0.failure != nil }) { return }
    let clip = clips[index]
    let samples = synthesizer.synthesize(clip, seconds: durations[clip.relativePath] ?? nil)
    do throws(Diagnostic) {
      try WAVFile.write(samples, rate: SpeechSynthesizer.rate, to: "\(folder)/\(clip.relativePath)")
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
      return
    }
    let done = state.withLock { state in
      state.done += 1
      state.samples += samples.count
      return state.done
    }
    progress(done, clips.count)
  }
  let (done, samples, failure) = state.withLock { $0 }
  if let failure { throw DiagnosticFailure([failure]) }
  return WrittenCorpus(
    clips: done, seconds: Double(samples) / Double(SpeechSynthesizer.rate), warnings: scan?.warnings ?? [])
}

/// Makes `folder` and the folders that the clips' names ask for.
private func makeFolders(for clips: [ClipReference], below folder: String) throws {
  let folders = Set(clips.map { ("\(folder)/\($0.relativePath)" as NSString).deletingLastPathComponent })
  for path in folders.sorted() {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw DiagnosticFailure([
        Diagnostic("run.write_failed", .error, "cannot make the folder \(path)", detail: error.localizedDescription)
      ])
    }
  }
}
