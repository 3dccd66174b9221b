"""What the chart makes: each role, one beat, a migration first, room to end, who may speak to whom."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import celeryconfig
from esg.cli.fleet import DRAIN_MARGIN_SECONDS
from esg.state import QUEUES
from tasks.queues import QUEUE_OF
from tests.helm.conftest import FLEETS, HELM_FOLDER, Render
from tests.helm.pods import by_kind, is_selected, pods

ROOT = Path(__file__).parents[2]
LONGEST = {
    role: max(
        limits["time_limit"]
        for task, limits in celeryconfig.task_annotations.items()
        if QUEUE_OF[task] == role
    )
    for role in QUEUES
}


@pytest.mark.parametrize("values", FLEETS)
def test_every_role_is_a_deployment_with_a_probe_of_its_own(values: str, render: Render) -> None:
    made = by_kind(render(values), "Deployment")

    assert set(QUEUES) | {"beat", "api"} <= set(made)
    for role in (*QUEUES, "beat"):
        (container,) = made[role]["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["python", "-m", "workers", role]
        for kind in ("startup", "readiness", "liveness"):
            probe = container[f"{kind}Probe"]["exec"]["command"]
            only_alive = ["--live"] if kind == "liveness" else []  # one that is starting is not restarted
            assert probe == ["python", "-m", "workers.probe", role, *only_alive]


@pytest.mark.parametrize("values", FLEETS)
def test_a_worker_that_is_told_to_stop_may_end_its_longest_task(values: str, render: Render) -> None:
    """It finishes within ESG_DRAIN_SECONDS, and is killed only after that."""
    made = by_kind(render(values), "Deployment")

    for role, hard_limit in LONGEST.items():
        pod = made[role]["spec"]["template"]["spec"]
        variables = {one["name"]: one.get("value") for one in pod["containers"][0]["env"]}
        drain = int(variables["ESG_DRAIN_SECONDS"])
        assert drain >= hard_limit
        assert pod["terminationGracePeriodSeconds"] > max(drain, hard_limit)


def test_the_embedded_pod_may_end_the_longest_task_of_all(render: Render) -> None:
    (stateful,) = by_kind(render("embedded-minimal"), "StatefulSet").values()

    pod = stateful["spec"]["template"]["spec"]
    drain = next(
        float(one["value"]) for one in pod["containers"][0]["env"] if one["name"] == "ESG_DRAIN_SECONDS"
    )
    assert drain >= max(LONGEST.values())
    assert pod["terminationGracePeriodSeconds"] > drain + DRAIN_MARGIN_SECONDS
    assert stateful["spec"]["replicas"] == 1


@pytest.mark.parametrize("values", FLEETS)
def test_there_is_one_beat_and_never_two_by_a_rollout(values: str, render: Render) -> None:
    made = render(values)
    beat = by_kind(made, "Deployment")["beat"]["spec"]

    assert (beat["replicas"], beat["strategy"]["type"]) == (1, "Recreate")
    assert "beat" not in by_kind(made, "ScaledObject") | by_kind(made, "HorizontalPodAutoscaler")


@pytest.mark.parametrize("values", FLEETS)
def test_the_database_is_migrated_before_a_release_starts(values: str, render: Render) -> None:
    job = by_kind(render(values), "Job")["migrate"]

    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["command"][:2] == ["esg", "migrate"]
    (database,) = [one for one in container["env"] if one["name"] == "ESG_DATABASE_URL"]
    assert database["valueFrom"]["secretKeyRef"] == {"name": "esg-owner", "key": "ESG_DATABASE_URL"}
    needed = {volume["name"] for volume in job["spec"]["template"]["spec"]["volumes"]}
    assert needed <= {"home", "tmp", "files"}, "nothing that the release makes: a hook comes before it"


@pytest.mark.parametrize("values", FLEETS)
def test_nobody_but_the_migration_is_handed_the_tables_owner(values: str, render: Render) -> None:
    for kind, name, template in pods(render(values)):
        is_handed = "esg-owner" in json.dumps(template)
        assert is_handed == (kind == "Job"), name


@pytest.mark.parametrize("values", FLEETS)
def test_no_pod_of_a_fleet_works_on_its_own_disk_for_want_of_a_store(values: str, render: Render) -> None:
    for _, name, template in pods(render(values)):
        variables = {one["name"]: one.get("value") for one in template["spec"]["containers"][0]["env"]}
        assert variables["ESG_PRODUCTION"] == "true", name


def test_flower_says_what_tasks_do_and_asks_for_its_password(render: Render) -> None:
    (container,) = by_kind(render("production"), "Deployment")["flower"]["spec"]["template"]["spec"][
        "containers"
    ]

    assert container["command"][-1] == "--conf=/opt/esg/flowerconfig.py"
    assert "COPY flowerconfig.py /opt/esg/" in (ROOT / "infra/docker/Dockerfile").read_text()
    (password,) = [one for one in container["env"] if one["name"] == "ESG_FLOWER_PASSWORD"]
    assert password["valueFrom"]["secretKeyRef"]["name"] == "esg-flower"


def test_a_backup_goes_to_a_new_folder_of_a_volume_and_one_at_a_time(render: Render) -> None:
    job = by_kind(render("production"), "CronJob")["backup"]["spec"]
    (pod,) = [template["spec"] for kind, _, template in pods(render("production")) if kind == "CronJob"]

    assert job["concurrencyPolicy"] == "Forbid"
    assert pod["containers"][0]["command"][-1].startswith('exec esg backup "/backups/$(date')
    (kept,) = [volume for volume in pod["volumes"] if volume["name"] == "backups"]
    assert kept["persistentVolumeClaim"]["claimName"] == "esg-backups"


@pytest.mark.parametrize("kind", ["ScaledObject", "HorizontalPodAutoscaler"])
def test_what_scales_a_role_is_not_undone_by_the_chart(kind: str, render: Render) -> None:
    made = render("keda" if kind == "ScaledObject" else "no-monitoring")
    deployments = by_kind(made, "Deployment")

    assert set(by_kind(made, kind)) == set(QUEUES)
    for role, scaler in by_kind(made, kind).items():
        assert "replicas" not in deployments[role]["spec"]
        assert scaler["spec"]["scaleTargetRef"]["name"] == f"esg-{role}"


def test_keda_asks_how_long_work_waits_and_how_much_of_it_does(render: Render) -> None:
    source = (ROOT / "docs/reference/metrics.md").read_text()

    for role, scaler in by_kind(render("keda"), "ScaledObject").items():
        queries = [trigger["metadata"]["query"] for trigger in scaler["spec"]["triggers"]]
        assert [query.partition("(")[2].partition("{")[0] for query in queries] == [
            "esg_queue_oldest_age_seconds",
            "esg_queue_depth",
        ]
        assert all(f'queue="{role}"' in query for query in queries)
    assert all(f"`{name}`" in source for name in ("esg_queue_oldest_age_seconds", "esg_queue_depth"))


@pytest.mark.parametrize("values", FLEETS)
def test_a_node_that_is_emptied_takes_one_pod_of_a_kind_at_a_time(values: str, render: Render) -> None:
    made = render(values)
    deployments = by_kind(made, "Deployment")

    for name, budget in by_kind(made, "PodDisruptionBudget").items():
        labels = deployments[name]["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["maxUnavailable"] == 1
        assert is_selected(budget["spec"]["selector"], labels)
        assert (
            sum(
                is_selected(budget["spec"]["selector"], template["metadata"]["labels"])
                for _, _, template in pods(made)
            )
            == 1
        )


@pytest.mark.parametrize("values", FLEETS)
def test_services_and_monitors_lead_to_ports_that_pods_have(values: str, render: Render) -> None:
    made = render(values)
    services = by_kind(made, "Service")

    for name, service in services.items():
        led = [
            {port["name"] for port in template["spec"]["containers"][0].get("ports", ())}
            for _, _, template in pods(made)
            if is_selected({"matchLabels": service["spec"]["selector"]}, template["metadata"]["labels"])
        ]
        assert led, name
        assert all({port["targetPort"] for port in service["spec"]["ports"]} <= ports for ports in led)
    for name, monitor in by_kind(made, "ServiceMonitor").items():
        (service,) = [
            one
            for one in services.values()
            if is_selected(monitor["spec"]["selector"], one["metadata"]["labels"])
        ]
        ports = {port["name"] for port in service["spec"]["ports"]}
        assert {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]} <= ports, name


def test_every_worker_and_beat_are_scraped(render: Render) -> None:
    made = render("production")
    selector = {"matchLabels": by_kind(made, "Service")["workers"]["spec"]["selector"]}

    scraped = [
        name for _, name, template in pods(made) if is_selected(selector, template["metadata"]["labels"])
    ]
    assert sorted(scraped) == sorted(f"esg-{role}" for role in (*QUEUES, "beat"))


def test_jobs_are_called_as_the_rules_of_prometheus_call_them(render: Render) -> None:
    made = render("production")
    scraped = yaml.safe_load((ROOT / "infra/prometheus/prometheus.yml").read_text())["scrape_configs"]

    jobs = set()
    for monitor in by_kind(made, "ServiceMonitor").values():
        (labels,) = [
            service["metadata"]["labels"]
            for service in by_kind(made, "Service").values()
            if is_selected(monitor["spec"]["selector"], service["metadata"]["labels"])
        ]
        jobs.add(labels[monitor["spec"]["jobLabel"]])
    assert jobs == {"api", "workers", "flower"}
    (endpoint,) = by_kind(made, "ServiceMonitor")["workers"]["spec"]["endpoints"]
    assert [relabel["targetLabel"] for relabel in endpoint["relabelings"]] == ["role"]
    assert jobs <= {scrape["job_name"] for scrape in scraped}


def test_only_what_reads_the_web_may_speak_to_it(render: Render) -> None:
    made = render("production")
    web = by_kind(made, "NetworkPolicy")["web"]["spec"]

    allowed = {
        name
        for _, name, template in pods(made)
        if is_selected(web["podSelector"], template["metadata"]["labels"])
    }
    assert allowed == {"esg-ingest", "esg-control"}
    (rule,) = web["egress"]
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(rule["to"][0]["ipBlock"]["except"]), "no cloud's metadata"


def test_the_rules_of_prometheus_come_with_the_chart(render: Render) -> None:
    """As many as infra/prometheus has files of them; an alert's own templates stay as they are."""
    files = {
        path: yaml.safe_load(path.read_text())
        for path in (ROOT / "infra/prometheus").rglob("*.y*ml")
        if "test" not in path.name
    }
    groups = [group["name"] for content in files.values() for group in (content or {}).get("groups", ())]

    rendered = by_kind(render("production"), "PrometheusRule").values()

    assert sorted(groups) == sorted(group["name"] for one in rendered for group in one["spec"]["groups"])


def test_a_rule_file_becomes_an_object_word_by_word(tmp_path: Path, helm: str) -> None:
    """Alerts write {{ $labels }} for Prometheus, which Helm must not fill in."""
    shutil.copytree(HELM_FOLDER / "esg", tmp_path / "esg", symlinks=True)
    (tmp_path / "esg/files/prometheus").unlink()
    (tmp_path / "esg/files/prometheus").mkdir()
    rule = {"alert": "Late", "expr": "up == 0", "annotations": {"summary": "{{ $labels.queue }} waits"}}
    content = {"groups": [{"name": "queues", "rules": [rule]}]}
    (tmp_path / "esg/files/prometheus/alert_rules.yml").write_text(yaml.safe_dump(content))

    values = HELM_FOLDER / "values/production.yaml"
    command = [helm, "template", "esg", str(tmp_path / "esg"), f"--values={values}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)

    (made,) = [one for one in yaml.safe_load_all(ran.stdout) if one and one["kind"] == "PrometheusRule"]
    assert made["spec"] == content


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((HELM_FOLDER / "esg/Chart.yaml").read_text())

    assert chart["appVersion"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
