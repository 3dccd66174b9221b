"""What every pod of the chart must be, whatever its values: confined, limited, probed, of a pinned image."""

import pytest

from tests.helm.conftest import VALUES, Render
from tests.helm.pods import is_selected, pods


@pytest.fixture(params=VALUES)
def found(request: pytest.FixtureRequest, render: Render) -> list[dict]:  # type: ignore[type-arg]
    """Every pod and its object's name, with each set of values."""
    made = [{"kind": kind, "name": name, **template} for kind, name, template in pods(render(request.param))]
    assert made
    return made


def test_no_pod_runs_as_root(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        context = pod["spec"]["securityContext"]
        assert (context["runAsNonRoot"], context["runAsUser"], context["runAsGroup"]) == (True, 1000, 1000)
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert not any(pod["spec"].get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC"))
        assert not any("hostPath" in volume for volume in pod["spec"].get("volumes", ()))


def test_no_container_gains_rights_or_writes_to_its_root(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        for container in pod["spec"]["containers"] + pod["spec"].get("initContainers", []):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            writable = {
                mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")
            }
            kept = {"/backups"} if pod["kind"] == "CronJob" else set()
            assert writable == {"/tmp", "/var/lib/esg"} | kept


def test_every_container_has_requests_and_limits(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        for container in pod["spec"]["containers"]:
            for bound in ("requests", "limits"):
                assert {"cpu", "memory", "ephemeral-storage"} <= set(container["resources"][bound])


def test_whatever_goes_on_is_probed(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        for container in pod["spec"]["containers"]:
            probes = [container.get(f"{kind}Probe") for kind in ("startup", "readiness", "liveness")]
            assert all(probes) or pod["kind"] in ("Job", "CronJob"), pod["name"]


def test_no_image_is_the_latest_one(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        for container in pod["spec"]["containers"]:
            _, _, tag = container["image"].rpartition("/")[2].partition(":")
            assert tag
            assert tag != "latest"


def test_no_secret_is_written_into_a_pod(found: list[dict]) -> None:  # type: ignore[type-arg]
    for pod in found:
        for container in pod["spec"]["containers"]:
            for variable in container["env"]:
                if variable["name"].endswith(("_AUTH", "PASSWORD", "SECRET", "API_KEY", "TOKEN")):
                    assert "value" not in variable


@pytest.mark.parametrize("values", VALUES)
def test_every_pod_is_denied_what_is_not_allowed(values: str, render: Render) -> None:
    manifests = render(values)
    policies = [one["spec"] for one in manifests if one["kind"] == "NetworkPolicy"]
    (deny,) = [one for one in policies if sorted(one["policyTypes"]) == ["Egress", "Ingress"]]

    assert "ingress" not in deny
    assert "egress" not in deny
    for _, name, template in pods(manifests):
        assert is_selected(deny["podSelector"], template["metadata"]["labels"]), name


@pytest.mark.parametrize("values", VALUES)
def test_nobody_in_particular_is_nobody(values: str, render: Render) -> None:
    """In a policy an empty list of callers lets in everyone."""
    made = render(values, options=["--set-json=networkPolicies.metricsFrom=[]"])
    policies = [one["spec"] for one in made if one["kind"] == "NetworkPolicy"]

    assert all(rule.get("from") for policy in policies for rule in policy.get("ingress") or ())
    assert all(rule.get("ports") for policy in policies for rule in policy.get("egress") or ())


@pytest.mark.parametrize("tag", ["latest", "a tag", "-x"])
def test_the_schema_refuses_an_image_that_is_not_pinned(tag: str, template) -> None:  # type: ignore[no-untyped-def]
    ran = template("no-monitoring", options=[f"--set=image.tag={tag}"])

    assert ran.returncode != 0
    assert "image" in ran.stderr


@pytest.mark.parametrize(
    "option",
    [
        "existingSecret=",
        "roles.ingest.replica=3",
        "autoscaling.kind=magic",
        "settings.ESG_WEBHOOK_SECRET=plain",
        "settings.IBM_WATSONX_API_KEY=plain",
        "settings.ESG_MESSAGE_KEY=plain",
        "migrate.existingSecret=",
        "roles.embed.resources.limits.memory=null",
        "mode=half",
        "backup.schedule=nightly",
        "backup.enabled=true",
    ],
)
def test_the_schema_refuses_what_is_misspelt_or_unsafe(option: str, template) -> None:  # type: ignore[no-untyped-def]
    assert template("no-monitoring", options=[f"--set={option}"]).returncode != 0


def test_keda_is_not_set_without_a_prometheus_to_ask(template) -> None:  # type: ignore[no-untyped-def]
    assert template("keda", options=["--set=autoscaling.keda.prometheus="]).returncode != 0


def test_flower_is_not_started_without_its_password(template) -> None:  # type: ignore[no-untyped-def]
    ran = template("production", options=["--set=flower.existingSecret="])

    assert ran.returncode != 0
    assert "ESG_FLOWER_PASSWORD" in ran.stderr
