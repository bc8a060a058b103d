import Diagnostics
import Foundation
import Spec
import Training

/// Where fuzzed texts seem to stand: the files that the seeds extend are found from there, or in the library.
private let place = "Tests/SpecSuite/fuzz/fuzzed.yaml"
private let options = ResolveOptions(libraryFolders: ["specs", "specs/zoo"])

/// libFuzzer's entry: any bytes, as if they were a spec, go through all that `serspec validate` does. Whatever they are,
/// there is an answer: a model's summary, or an error that says what is wrong.
///
/// The text can name files to extend; they are read, as `validate` would, and nothing is written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSpec(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = Array(UnsafeBufferPointer(start: bytes, count: count))
  let result = SpecValidation(SourceFile(name: place, text: text), options: options)
  let hasError = result.diagnostics.contains { $0.severity == .error }
  precondition(hasError == (result.summary == nil), "an error and a summary, or neither")
  for finding in result.diagnostics {
    precondition(!finding.summary.isEmpty && finding.id != "run.unexpected", "a finding that says nothing: \(finding)")
  }
  // Renderers cut source lines at the places that findings name.
  _ = TextRenderer(color: false).render(result.diagnostics)
  _ = SARIFRenderer(version: "0").render(result.diagnostics)
  if !hasError { checkResolved(text) }
  return 0
}

/// What `show --resolved` prints resolves to the same experiment.
private func checkResolved(_ text: [UInt8]) {
  let spec = resolve(SourceFile(name: place, text: text), options: options, vocabulary: .standard).spec
  guard let spec else { preconditionFailure("no spec where validate has nothing to say") }
  let printed = SourceFile(name: "resolved.yaml", text: resolvedText(spec, origins: true))
  let again = resolve(printed, vocabulary: .standard)
  precondition(again.spec?.hash == spec.hash, "the resolved text means something else")
}
