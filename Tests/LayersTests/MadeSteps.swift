import Diagnostics
import Layers
import Spec

/// A use of `kind` in which some fields are given and the others have their defaults, without a spec around it.
func madeStep(_ kind: Kind, _ given: [String: FieldValue.Content] = [:]) -> Step {
  let values = kind.table.fields.compactMap { field -> (name: String, value: FieldValue)? in
    if let content = given[field.name] { return (field.name, FieldValue(standard: content)) }
    guard case .value(let content) = field.default else { return nil }
    return (field.name, FieldValue(standard: content))
  }
  return Step(
    kind: Located(kind.name, at: .standard), values: FieldValues(values, at: .standard), label: kind.name, at: .standard
  )
}

/// The content of a field of sizes.
func sizes(_ values: Int...) -> FieldValue.Content { .list(values.map { FieldValue(standard: .integer($0)) }) }

/// The output of `kind` for one sample, or the summary of the mismatch.
func outputShape(_ type: any Layer.Type, _ given: [String: FieldValue.Content] = [:], of input: SampleShape) -> String {
  do {
    return try type.init(madeStep(type.kind, given).values).outputShape(of: input).description
  } catch {
    return error.summary
  }
}
