import Layers
import Spec
import Testing

@Suite struct CatalogTests {
  /// What `serspec layers`, the schema and suggestions are made from must be complete.
  @Test func everyKindIsDocumented() {
    let kinds = LayerCatalog.layers.map { $0.kind } + LayerCatalog.combinators.map { $0.kind }
    for kind in kinds {
      #expect(!kind.summary.isEmpty && !kind.formula.isEmpty && kind.example.contains(kind.name), "\(kind.name)")
      #expect(kind.table.fields.allSatisfy { $0.doc.hasSuffix(".") }, "\(kind.name)")
      if let primary = kind.table.primary { #expect(kind.table.field(primary) != nil, "\(kind.name)") }
    }
    #expect(Set(kinds.map(\.name)).count == kinds.count)
  }

  @Test func aStepFindsItsLayer() throws {
    let layer = try #require(LayerCatalog.layer(madeStep(LinearLayer.kind, ["out_features": .integer(4)])))
    #expect(try layer.outputShape(of: SampleShape([7])).description == "[4]")
  }
}
