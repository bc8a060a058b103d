import Diagnostics

extension TrainingState {
  /// The content of a checkpoint's `state.json`. Numbers are in their shortest exact form, so that nothing changes on the way.
  var json: JSON {
    [
      "epoch": .integer(epoch), "step": .integer(step), "total_steps": .integer(totalSteps),
      "sums": [
        "loss": .number(sums.loss), "batches": .integer(sums.batches), "correct": .integer(sums.correct),
        "clips": .integer(sums.clips),
      ],
      "best": best.map { ["epoch": .integer($0.epoch), "value": .number($0.value)] } ?? .null,
      "plateau": plateau.map(\.json) ?? .null,
      "waiting": ["best": .optional(waiting.best), "epochs": .integer(waiting.epochs)],
      "stopped_after": .optional(stoppedAfter), "averaged": .integer(averaged),
      "diverged_at": .optional(divergedAt), "history": .array(history.map(\.json)),
    ]
  }

  /// Reads `json` back; nil where it is not such a document.
  init?(json: JSON) {
    guard let epoch = json["epoch"]?.asInteger, let step = json["step"]?.asInteger,
      let total = json["total_steps"]?.asInteger, let sums = json["sums"], let loss = sums["loss"]?.asNumber,
      let batches = sums["batches"]?.asInteger, let correct = sums["correct"]?.asInteger,
      let clips = sums["clips"]?.asInteger, let rows = json["history"]?.asArray, epoch >= 0, step >= 0
    else { return nil }
    self.epoch = epoch
    self.step = step
    totalSteps = total
    self.sums = EpochSums(loss: loss, batches: batches, correct: correct, clips: clips)
    if let best = json["best"], let at = best["epoch"]?.asInteger, let value = best["value"]?.asNumber {
      self.best = Best(epoch: at, value: value)
    }
    divergedAt = json["diverged_at"]?.asInteger
    plateau = json["plateau"].flatMap { PlateauState(json: $0) }
    waiting = Waiting(
      best: json["waiting"]?["best"]?.asNumber, epochs: json["waiting"]?["epochs"]?.asInteger ?? 0)
    stoppedAfter = json["stopped_after"]?.asInteger
    averaged = json["averaged"]?.asInteger ?? 0
    history = rows.compactMap { EpochRecord(json: $0) }
    guard history.count == rows.count, history.count == epoch else { return nil }
  }
}

extension PlateauState {
  fileprivate var json: JSON {
    [
      "schedule": .integer(schedule), "rate": .number(rate), "best": .optional(best), "bad_epochs": .integer(badEpochs),
      "cooldown": .integer(cooldown),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let schedule = json["schedule"]?.asInteger, let rate = json["rate"]?.asNumber,
      let badEpochs = json["bad_epochs"]?.asInteger, let cooldown = json["cooldown"]?.asInteger
    else { return nil }
    self.init(schedule: schedule, rate: rate)
    best = json["best"]?.asNumber
    (self.badEpochs, self.cooldown) = (badEpochs, cooldown)
  }
}

extension EpochRecord {
  /// A row of `metrics.jsonl`.
  var json: JSON {
    .object([(key: "epoch", value: .integer(epoch))] + columns.map { (key: $0.name, value: .number($0.value)) })
  }

  init?(json: JSON) {
    // A figure that was no number is null in JSON.
    func number(_ key: String) -> Double? { json[key].map { $0.asNumber ?? .nan } }
    guard let members = json.asObject, let epoch = json["epoch"]?.asInteger, let rate = number("learning_rate"),
      let trainLoss = number("train.loss"), let trainAccuracy = number("train.accuracy"),
      let validationLoss = number("val.loss")
    else { return nil }
    self.init(
      epoch: epoch, learningRate: rate, trainLoss: trainLoss, trainAccuracy: trainAccuracy,
      validationLoss: validationLoss,
      validation: members.filter { $0.key.hasPrefix("val.") && $0.key != "val.loss" }.map {
        Figure(name: String($0.key.dropFirst(4)), value: $0.value.asNumber ?? .nan)
      })
  }
}
