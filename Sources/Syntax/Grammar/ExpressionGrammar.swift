extension Grammar {
  /// What may stand between `${` and `}`, from the loosest operator to the tightest. Operators and functions are those
  /// that the parser reads and the evaluator knows.
  public static let expression = Grammar([
    GrammarRule(
      "expression",
      .sequence([
        .rule("disjunction"),
        .optional(.sequence([.literal("if"), .rule("disjunction"), .literal("else"), .rule("expression")])),
      ]), remark: "Spaces may stand between words, and must stand between two that would read as one."),
    operation("disjunction", of: "conjunction", among: ["or"]),
    operation("conjunction", of: "negation", among: ["and"]),
    GrammarRule("negation", .choice([.sequence([.literal("not"), .rule("negation")]), .rule("comparison")])),
    GrammarRule(
      "comparison",
      .sequence([
        .rule("sum"), .optional(.sequence([words(ComparisonOperator.allCases.map(\.rawValue)), .rule("sum")])),
      ])),
    operation("sum", of: "product", among: ArithmeticOperator.ofSums.map(\.rawValue)),
    operation("product", of: "signed", among: ArithmeticOperator.ofProducts.map(\.rawValue)),
    GrammarRule("signed", .choice([.sequence([.literal("-"), .rule("signed")]), .rule("power")])),
    GrammarRule(
      "power",
      .sequence([
        .rule("indexed"), .optional(.sequence([.literal(ArithmeticOperator.power.rawValue), .rule("signed")])),
      ])),
    GrammarRule(
      "indexed",
      .sequence([.rule("primary"), .any(.sequence([.literal("["), .rule("expression"), .literal("]")]))])),
    GrammarRule(
      "primary",
      .choice([
        .rule("NUMBER"), .rule("STRING"), .literal("true"), .literal("false"), .literal("null"), .rule("NAME"),
        .rule("call"), .rule("list"), .sequence([.literal("("), .rule("expression"), .literal(")")]),
      ])),
    GrammarRule("call", .sequence([.rule("FUNCTION"), .literal("("), .optional(.rule("items")), .literal(")")])),
    GrammarRule("list", .sequence([.literal("["), .optional(.rule("items")), .literal("]")])),
    GrammarRule(
      "items",
      .sequence([
        .rule("expression"), .any(.sequence([.literal(","), .rule("expression")])), .optional(.literal(",")),
      ])),
    GrammarRule("FUNCTION", words(ExpressionFunction.allCases.map(\.rawValue))),
    GrammarRule(
      "NUMBER",
      .sequence([
        .choice([
          .sequence([digits, .optional(.sequence([.literal("."), .any(digit)]))]), .sequence([.literal("."), digits]),
        ]),
        .optional(
          .sequence([.choice([.literal("e"), .literal("E")]), .optional(words(["+", "-"])), digits])),
      ]), remark: "Digits alone are a whole number. Both kinds fit into 64 bits."),
    GrammarRule(
      "STRING",
      .sequence([.literal("'"), .any(.choice([.otherThan(["'"]), .literal("''")])), .literal("'")]),
      remark: "A quote is doubled within a text."),
    GrammarRule(
      "NAME", .sequence([.rule("WORD"), .any(.sequence([.literal("."), .rule("WORD")]))]),
      remark: "A parameter, but not: if, else, and, or, not, true, false, null. With dots: env.HOME."),
    GrammarRule(
      "WORD",
      .sequence([
        .characters(["A"..."Z", "a"..."z", "_"..."_"]),
        .any(.characters(["A"..."Z", "a"..."z", "0"..."9", "_"..."_"])),
      ])),
  ])

  private static let digit: GrammarTerm = .characters(["0"..."9"])
  private static let digits: GrammarTerm = .some(digit)

  private static func words(_ words: [String]) -> GrammarTerm { .choice(words.map(GrammarTerm.literal)) }

  /// Operands with operators between them, read from the left.
  private static func operation(_ name: String, of operand: String, among operators: [String]) -> GrammarRule {
    GrammarRule(name, .sequence([.rule(operand), .any(.sequence([words(operators), .rule(operand)]))]))
  }
}
