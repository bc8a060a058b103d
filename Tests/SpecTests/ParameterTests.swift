import Spec
import Testing

@Suite("params and ${...}") struct ParameterTests {
  private func layers(_ list: String, params: String = "{}") throws -> [Step] {
    let model = "params: \(params)\nmodel: {logits: {from: spectral, layers: \(list)}}\n"
    let result = resolved(smallBase + model)
    return try #require(result.spec, "\(result.report)").model.nodes[0].layers
  }

  @Test("classes is the number of the corpus's classes")
  func classes() throws {
    #expect(try layers("[linear: \"${classes}\"]")[0].values.integer("out_features") == 3)
    #expect(try layers("[linear: \"${2 * classes + 1}\"]")[0].values.integer("out_features") == 7)
  }

  @Test("a parameter's default can use other parameters, in any order, and classes")
  func chains() throws {
    let params = "{a: \"${2 * b}\", b: \"${c + classes}\", c: 5}"
    #expect(try layers("[linear: \"${a}\"]", params: params)[0].values.integer("out_features") == 16)
  }

  @Test("a scalar that is one expression keeps its type, in quotes or not")
  func types() throws {
    let layers = try layers(
      """
      [linear: "${n}", dropout: '${p}', max_pool2d: {kernel_size: "${sizes}", ceil_mode: "${flag}"}, "${name}",
       conv2d: {out_channels: "${sizes[1]}", kernel_size: ["${n}", 1]}]
      """, params: "{n: 8, p: 0.25, flag: false, sizes: [3, 5], name: relu}")
    #expect(layers[0].values.integer("out_features") == 8)
    #expect(layers[1].values.number("p") == 0.25)
    #expect(layers[2].values.integers("kernel_size") == [3, 5])
    #expect(layers[2].values.boolean("ceil_mode") == false)
    #expect(layers[3].kind.value == "relu")
    #expect(layers[4].values.integer("out_channels") == 5)
    #expect(layers[4].values.integers("kernel_size") == [8, 1])
  }

  @Test("an expression within a text is formatted, and $${ is the text itself")
  func texts() throws {
    let text = smallBase + smallModel + "params: {n: 8}\nname: \"run-${n}-${n / 2}\"\ndoc: \"a $${n}\"\n"
    let result = resolved(text)
    let spec = try #require(result.spec, "\(result.report)")
    #expect(spec.name == "run-8-4")
    let again = resolved(resolvedText(spec, origins: false))
    #expect(again.spec?.resolved.value(forKey: "doc")?.scalar?.text == "a ${n}" || again.spec?.hash == spec.hash)
    #expect(resolvedText(spec, origins: false).contains("$${n}"))
  }

  @Test("a parameter can name the corpus, but not by the number of its classes")
  func corpusParameter() {
    let named = smallBase.replacing("name: toy", with: "name: \"${which}\"") + smallModel
    let spec = resolved(named + "params: {which: first}\n").spec
    #expect(spec?.corpus.name == "first")
    let round = resolved(named + "params: {which: \"c${classes}\"}\n")
    #expect(round.diagnostics.map(\.id) == ["param.cycle"])
  }

  @Test("a value's place is where it was written, not where its name stands")
  func places() throws {
    let text =
      smallBase + "params:\n  p: 0.25\nmodel:\n  logits:\n    from: spectral\n    layers:\n      - dropout: \"${p}\"\n"
    let spec = try #require(resolved(text).spec)
    let value = spec.model.nodes[0].layers[0].values["p"]
    #expect(value.span.start.line == 12)
    #expect(value.replaced.map(\.start.line) == [17])
    #expect(spec.model.nodes[0].layers[0].span.start.line == 17)
  }

  @Test("values that hold each other twice are refused before they fill the memory")
  func doubling() {
    for pair in ["[\"${p#}\", \"${p#}\"]", "\"${[p#, p#]}\"", "\"${p#}${p#}\""] {
      let params = (0..<60).map { "  p\($0): " + pair.replacing("#", with: "\($0 + 1)") }.joined(separator: "\n")
      let result = resolved(smallBase + smallModel + "name: \"${p0}\"\nparams:\n\(params)\n  p60: word\n")
      #expect(result.diagnostics.count == 1, "\(result.report)")
      #expect(result.spec == nil)
    }
  }

  @Test("parameters that lean on each other too deeply are refused, not crashed on")
  func depth() {
    let params = (0..<1000).map { "  p\($0): \"${p\($0 + 1)}\"" }.joined(separator: "\n") + "\n  p1000: 1\n"
    let result = resolved(smallBase + smallModel + "seed: \"${p0}\"\nparams:\n" + params)
    #expect(result.diagnostics.contains { $0.id == "param.depth" })
  }
}
