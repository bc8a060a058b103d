import Spec

/// What the files of `corpus` say that its clips tell (`ClipReference.attribute`); nil where a table will tell more.
func attributeNames(of corpus: CorpusSpec) -> [String]? {
  if !corpus.parts.isEmpty {
    let parts = corpus.parts.map(attributeNames)
    guard parts.allSatisfy({ $0 != nil }) else { return nil }
    return parts.compactMap(\.self).reduce(into: [String]()) { names, part in
      names += part.filter { !names.contains($0) }
    }
  }
  guard corpus.table == nil, let pattern = corpus.pattern.flatMap({ try? NamePattern($0) }) else { return nil }
  var names = ["corpus", "label"]
  if corpus.speaker != nil { names.append("speaker") }
  if corpus.sentence != nil { names.append("sentence") }
  if corpus.gender != nil { names.append("gender") }
  if corpus.intensity != nil { names.append("intensity") }
  return names + pattern.fields.filter { !names.contains($0) }
}
