"""Reads what a run wrote for its trackers with the real programs and compares it with the run's own records.

    check_trackers.py RUN MLRUNS [--without-gradients EPOCH]

Needs tensorboard, wandb, mlflow and pillow. `wandb sync` talks to a stub of its server on the loopback interface, which answers what the client
asks and keeps what it sends; nothing leaves the machine.
"""
import argparse
import csv
import gzip
import io
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

FAILURES = []


def check(holds, what):
    print(("ok    " if holds else "WRONG ") + what)
    if not holds:
        FAILURES.append(what)


def records(run):
    """Columns of metrics.csv by name, and the summary."""
    with open(run / "metrics.csv") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [float(row[name]) for row in rows] for name in rows[0]}
    return columns, json.loads((run / "summary.json").read_text())


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def check_tensorboard(run, columns, summary, without_gradients):
    from PIL import Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import metadata

    folder = run / "tensorboard"
    check(len(list(folder.iterdir())) == 1, "tensorboard: one event file")
    events = EventAccumulator(str(folder), size_guidance={kind: 0 for kind in ("scalars", "images", "histograms", "tensors")})
    events.Reload()
    epochs = [int(epoch) for epoch in columns["epoch"]]
    for column, values in columns.items():
        if column == "epoch":
            continue
        tag = "lr" if column == "learning_rate" else "/".join(reversed(column.split(".", 1)))
        found = events.Scalars(tag)
        check(
            [event.step for event in found] == epochs
            and all(same(event.value, float(np.float32(value))) for event, value in zip(found, values)),
            f"tensorboard: {tag} is {column} of metrics.csv, {len(found)} epochs once each",
        )
    for name in ("loss", "accuracy", "uar", "f1_weighted"):
        found = events.Scalars(f"{name}/test")
        check(
            len(found) == 1 and found[0].value == float(np.float32(summary["test"][name])) and found[0].step == summary["best"]["epoch"],
            f"tensorboard: {name}/test is summary.json's",
        )
    images = events.Images("confusion/test")
    picture = Image.open(io.BytesIO(images[0].encoded_image_string)).convert("RGB")
    check(
        len(images) == 1 and picture.size == (images[0].width, images[0].height) and len(picture.getcolors(1 << 20)) > 2,
        f"tensorboard: the confusion matrix is a picture of {picture.size}",
    )
    tags = events.Tags()["histograms"]
    weights = [tag for tag in tags if tag.startswith("weights/")]
    gradients = [tag for tag in tags if tag.startswith("gradients/")]
    check(bool(weights) and len(weights) == len(gradients), f"tensorboard: histograms of {len(weights)} tensors and their gradients")
    for tag in weights + gradients:
        found = events.Histograms(tag)
        expected = [epoch for epoch in epochs if tag in weights or epoch != without_gradients]
        first = found[0].histogram_value
        if [event.step for event in found] != expected or sum(first.bucket) != first.num or len(first.bucket) != len(first.bucket_limit):
            check(False, f"tensorboard: the histogram {tag} at {[event.step for event in found]}")
    content = events.SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    values = metadata.parse_session_start_info_plugin_data(content).hparams
    check(
        values["lr"].number_value > 0 and values["batch_size"].number_value > 0 and values["optimizer"].string_value == "adam"
        and values["width"].number_value == 24,
        f"tensorboard: hparams {', '.join(sorted(values))}",
    )
    content = events.SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data.content
    check(metadata.parse_session_end_info_plugin_data(content).status == 1, "tensorboard: the session ended well")
    check_hparams_panel(folder, summary)


def check_hparams_panel(folder, summary):
    """What the hparams panel's own code makes of the folder."""
    from tensorboard import context
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(folder.parent.parent))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(folder))
    backend = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    request = context.RequestContext()
    experiment = get_experiment.Handler(request, backend, "", api_pb2.GetExperimentRequest()).run()
    names = {info.name for info in experiment.hparam_infos}
    metrics = {info.name.tag for info in experiment.metric_infos}
    check({"lr", "width"} <= names and {"accuracy/test", "loss/val"} <= metrics, f"tensorboard: its panel has {len(names)} hparams, {len(metrics)} metrics")
    columns = [
        api_pb2.ColParams(hparam=name) for name in sorted(names)
    ] + [api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos]
    groups = list_session_groups.Handler(
        request, backend, "", api_pb2.ListSessionGroupsRequest(
            col_params=columns, slice_size=10, allowed_statuses=[0, 1, 2, 3])).run()
    values = {value.name.tag: value.value for group in groups.session_groups for value in group.metric_values}
    check(
        values.get("accuracy/test") == float(np.float32(summary["test"]["accuracy"])),
        f"tensorboard: its panel shows {groups.total_size} session with its test accuracy",
    )


class Stub(BaseHTTPRequestHandler):
    """As much of the server as `wandb sync` needs."""

    protocol_version = "HTTP/1.1"
    received = {}

    def log_message(self, *arguments):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        reply = self.reply(body)
        content = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = answer

    def reply(self, body):
        received = Stub.received
        if self.path.startswith("/upload/"):
            received.setdefault("files", {})[self.path[len("/upload/"):]] = body
        elif self.path.endswith("/file_stream"):
            message = json.loads(body)
            for name, part in message.get("files", {}).items():
                lines = received.setdefault("stream", {}).setdefault(name, {})
                for index, line in enumerate(part["content"]):
                    lines[part["offset"] + index] = line
            if "exitcode" in message:
                received["exit"] = message["exitcode"]
        elif self.path == "/graphql":
            query = json.loads(body)
            variables = query.get("variables") or {}
            if "upsertBucket" in query["query"]:
                received.setdefault("runs", []).append(variables)
                project = {"id": "p", "name": variables.get("project"), "entity": {"id": "e", "name": "me"}}
                bucket = {
                    "id": "r", "name": variables.get("name"), "displayName": variables.get("displayName"), "description": None,
                    "config": variables.get("config"), "sweepName": None, "historyLineCount": 0, "project": project,
                }
                return {"data": {"upsertBucket": {"bucket": bucket, "inserted": True}}}
            if "createRunFiles" in query["query"]:
                host = self.headers["Host"]
                files = [{"name": name, "uploadUrl": f"http://{host}/upload/{name}"} for name in variables["files"]]
                return {"data": {"createRunFiles": {"runID": "r", "uploadHeaders": [], "files": files}}}
            if "viewer" in query["query"]:
                return {"data": {"viewer": {"id": "v", "entity": "me", "username": "me", "flags": "{}", "teams": {"edges": []}}}}
        return {"data": {}}


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, address):
        """The client closes connections as it likes."""


def check_wandb(run, columns, summary):
    folders = list((run / "wandb").glob("offline-run-*"))
    check(len(folders) == 1, "wandb: one offline run")
    server = QuietServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "HOME": home, "WANDB_BASE_URL": f"http://127.0.0.1:{server.server_port}", "WANDB_API_KEY": "0123456789" * 4,
            "WANDB_ERROR_REPORTING": "false",
        }
        program = Path(sys.executable).with_name("wandb")
        result = subprocess.run(
            [str(program), "sync", str(folders[0])], env=environment, capture_output=True, text=True, timeout=180, cwd=home)
    server.shutdown()
    check(result.returncode == 0, "wandb: sync exits with 0")
    if result.returncode != 0:
        print(result.stdout, result.stderr)
        return
    received = Stub.received
    rows = [json.loads(line) for _, line in sorted(received["stream"]["wandb-history.jsonl"].items())]
    check([row["_step"] for row in rows] == [int(epoch) for epoch in columns["epoch"]], f"wandb: {len(rows)} rows of history, each epoch once")
    for column, values in columns.items():
        name = "lr" if column == "learning_rate" else column.replace(".", "/")
        check(
            all(same(float(row[name]), value) for row, value in zip(rows, values)), f"wandb: {name} is {column} of metrics.csv exactly")
    described = received["runs"][0]
    config = json.loads(next(entry["config"] for entry in reversed(received["runs"]) if entry.get("config")))
    config = {key: value["value"] for key, value in config.items()}
    check(
        described["project"] == "ser" and described["displayName"] == run.name and config["width"] == 24 and config["optimizer"] == "adam"
        and config["resolved"]["train"]["batch_size"] == config["batch_size"],
        f"wandb: project, name and config arrive: {', '.join(key for key in config if not key.startswith('_'))}",
    )
    final = json.loads(received["files"]["wandb-summary.json"])
    check(
        all(final[f"test/{name}"] == summary["test"][name] for name in ("loss", "accuracy", "uar", "f1_weighted")),
        "wandb: the summary has summary.json's test figures",
    )
    picture = received["files"].get("media/images/confusion.png", b"")
    check(
        picture.startswith(b"\x89PNG") and final["test/confusion"]["size"] == len(picture),
        f"wandb: the confusion matrix arrives, files {', '.join(sorted(received['files']))}",
    )
    check(received.get("exit") == 0, "wandb: the run ends with exit code 0")


def check_mlflow(run, store, columns, summary):
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow
    from mlflow.tracking import MlflowClient

    mlflow.set_tracking_uri(store.resolve().as_uri())
    found = mlflow.search_runs(experiment_names=["ser"], output_format="list")
    found = [entry for entry in found if entry.info.run_name == run.name]
    check(len(found) == 1 and found[0].info.status == "FINISHED", "mlflow: one finished run")
    client = MlflowClient()
    identifier = found[0].info.run_id
    for column, values in columns.items():
        if column == "epoch":
            continue
        name = "lr" if column == "learning_rate" else column.replace(".", "_")
        history = client.get_metric_history(identifier, name)
        check(
            [point.step for point in history] == [int(epoch) for epoch in columns["epoch"]]
            and all(same(point.value, value) for point, value in zip(history, values)),
            f"mlflow: {name} is {column} of metrics.csv exactly, {len(history)} epochs once each",
        )
    data = found[0].data
    check(
        all(data.metrics[f"test_{name}"] == summary["test"][name] for name in ("loss", "accuracy", "uar", "f1_weighted")),
        "mlflow: summary.json's test figures",
    )
    check(data.params["width"] == "24" and float(data.params["lr"]) > 0, f"mlflow: {len(data.params)} params")
    artifacts = {entry.path for entry in client.list_artifacts(identifier)}
    check(artifacts == {"confusion.png", "spec.resolved.yaml"}, f"mlflow: artifacts {', '.join(sorted(artifacts))}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--without-gradients", type=int, default=0)
    arguments = parser.parse_args()
    run = arguments.run.resolve()
    columns, summary = records(run)
    check_tensorboard(run, columns, summary, arguments.without_gradients)
    check_wandb(run, columns, summary)
    check_mlflow(run, arguments.store, columns, summary)
    print(f"{len(FAILURES)} wrong" if FAILURES else "trackers: all is well")
    sys.exit(1 if FAILURES else 0)


main()
