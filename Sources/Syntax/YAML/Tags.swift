import Diagnostics

/// What a tag stands on.
enum TagSubject {
  case scalar(Scalar)
  case sequence
  case mapping
}

/// What YAML 1.2's core schema lets a tag mean: the style that a scalar takes on, nil for lists and mappings.
/// Every other tag, and one that does not fit its value, is a finding.
func style(of tag: String, on subject: TagSubject, at span: SourceSpan) -> Result<Scalar.Style?, Diagnostic> {
  let prefix = "tag:yaml.org,2002:"
  let name = tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : tag
  switch (name, subject) {
  case ("seq", .sequence), ("map", .mapping):
    return .success(nil)
  case ("str", .scalar), ("!", .scalar):
    return .success(.quoted)
  case ("int", .scalar(let scalar)), ("float", .scalar(let scalar)), ("bool", .scalar(let scalar)),
    ("null", .scalar(let scalar)):
    let plain = Scalar(scalar.text)
    let fits =
      switch name {
      case "int": plain.asInteger != nil
      case "float": plain.asNumber != nil
      case "bool": plain.asBoolean != nil
      default: plain.isNull
      }
    if fits { return .success(.plain) }
  case ("seq", _), ("map", _), ("str", _), ("int", _), ("float", _), ("bool", _), ("null", _):
    break
  default:
    return .failure(
      Diagnostic(
        "yaml.tag", "the tag '\(tag.hasPrefix(prefix) ? "!!" + name : tag)' is not allowed",
        detail: "A spec is data: no tag can make other things of it. Delete the tag, or put quotes around the text.",
        at: span))
  }
  return .failure(
    Diagnostic("yaml.tag", "the value is not what the tag '!!\(name)' says", detail: "Delete the tag.", at: span))
}
