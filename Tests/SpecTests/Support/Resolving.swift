import Diagnostics
import Foundation
import Spec
import TestSupport

/// Specs that other suites run with the program's own vocabulary; some of them mean something in this one too.
let suiteFolder = Shared.project.appendingPathComponent("Tests/SpecSuite")

/// What every spec of a test needs beside what the test is about.
let smallBase = """
  serspec: 1
  corpus:
    name: toy
    pattern: "{speaker}_{emotion}"
    label: emotion
    classes: [SAD, HAP, NEU]
  length: {policy: fixed, seconds: 3}
  features: {spectral: [rms]}
  split: {policy: stratified, test: 0.3}
  train: {epochs: 2, optimizer: adam, loss: cross_entropy}

  """

/// The smallest model.
let smallModel = """
  model:
    logits: {from: spectral, layers: [global_avg_pool, linear: "${classes}"]}

  """

/// Resolves a text that needs no other file.
func resolved(_ text: String, set: [(String, String)] = []) -> Resolution {
  let options = ResolveOptions(sets: set.map { (key: $0.0, value: $0.1) })
  return resolve(SourceFile(name: "spec.yaml", text: text), options: options, vocabulary: testVocabulary)
}

/// Resolves the first of several files, which lie in a folder of their own while `body` looks at the result.
func resolvedFiles<Value>(
  _ files: [(name: String, text: String)], options: ResolveOptions = ResolveOptions(),
  _ body: (Resolution, URL) throws -> Value
) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("serspec-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  for file in files {
    let url = folder.appendingPathComponent(file.name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(file.text.utf8).write(to: url)
  }
  let first = folder.appendingPathComponent(files[0].name).path
  return try body(resolve(path: first, options: options, vocabulary: testVocabulary), folder)
}

extension Resolution {
  /// `id@line` of every finding, which is what most tests are about.
  var brief: [String] { diagnostics.map { "\($0.id)@\($0.span?.start.line ?? 0)" } }

  /// Everything about the findings, for a failing test's message.
  var report: String { TextRenderer(color: false).render(diagnostics) }
}
