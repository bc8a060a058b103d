import Diagnostics
import Syntax

/// What surrounds a spec when it is resolved.
public struct ResolveOptions: Sendable {
  /// `--set KEY=VALUE`, in the order given; later ones win.
  public var sets: [(key: String, value: String)]
  /// Folders in which extended files and `corpora/NAME.yaml` are looked for after those around the spec.
  public var libraryFolders: [String]
  /// `--corpus`: the name of a corpus, or the path of a corpus file relative to the working directory. It replaces the
  /// spec's own.
  public var corpus: String?

  public init(sets: [(key: String, value: String)] = [], libraryFolders: [String] = [], corpus: String? = nil) {
    self.sets = sets
    self.libraryFolders = libraryFolders
    self.corpus = corpus
  }
}

/// What became of a spec.
public struct Resolution: Sendable {
  /// The experiment, or nil where there is an error.
  public let spec: ExperimentSpec?
  /// All findings in reading order; warnings can stand beside a spec.
  public let diagnostics: [Diagnostic]
  /// What expansion used up, for `explain`.
  public var provenance = Provenance()
}

/// Reads the spec at `path` and all files that it needs, and works out the experiment that it says. Never throws: what
/// is wrong, with the files as with what is in them, is in the diagnostics.
public func resolve(path: String, options: ResolveOptions = ResolveOptions(), vocabulary: Vocabulary) -> Resolution {
  do {
    return resolve(try readSource(path: path), options: options, vocabulary: vocabulary)
  } catch let failure as DiagnosticFailure {
    return Resolution(spec: nil, diagnostics: failure.diagnostics)
  } catch {
    return Resolution(spec: nil, diagnostics: [Diagnostic("file.unreadable", "cannot read \(path): \(error)")])
  }
}

/// The same for a text that has been read already; other files are looked for beside the path that is its name.
public func resolve(
  _ source: SourceFile, options: ResolveOptions = ResolveOptions(), vocabulary: Vocabulary
) -> Resolution {
  let findings = Findings()
  var resolver = Resolver(root: source, options: options, vocabulary: vocabulary, findings: findings)
  let spec = resolver.resolve()
  return Resolution(
    spec: findings.errorCount == 0 ? spec : nil, diagnostics: findings.sorted(from: source),
    provenance: resolver.provenance)
}
