"""Settings: what is accepted, what is refused, and how the refusal reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.battery.engine import ENGINES
from reportgen.data_settings import DataFile
from reportgen.errors import DataError, UsageError, shortened
from reportgen.presets import ACTIVATIONS, DATA, DEPTHS, INITIALIZERS, PRESETS
from reportgen.report import products
from reportgen.settings import Settings, read_settings
from tests.hostile import become


def config(folder: Path, text: str) -> Path:
    path = folder / "battery.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_canonical_battery_is_always_there_and_named_canonically() -> None:
    battery = Settings(
        initializers=("HeNormal(mode=fan_out)",), activations=("leaky_relu(0.2)",), depths=(7,)
    ).battery()
    assert battery.initializers == (*INITIALIZERS, "he_normal(mode=fan_out)")
    assert battery.activations == (*ACTIVATIONS, "leaky_relu(negative_slope=0.2)")
    assert battery.depths == tuple(sorted({*DEPTHS, 7}))
    assert [factors["data"] for factors in battery.data_factors] == ["gaussian", "digits"]


def test_what_is_in_the_battery_already_is_not_added_again() -> None:
    assert Settings(initializers=("GlorotUniform", "random_normal(0, 0.01)")).battery().initializers == INITIALIZERS


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_decides_width_and_replicates(preset: str) -> None:
    battery = Settings(preset=preset).battery()
    assert (battery.width, battery.replicates, battery.depths) == (
        PRESETS[preset].width,
        PRESETS[preset].replicates,
        PRESETS[preset].depths,
    )
    assert Settings(preset=preset, width=33).battery().width == 33


@pytest.mark.parametrize(
    ("setting", "registry"),
    [("preset", PRESETS), ("engine", ENGINES), ("formats", products.NAMES)],
    ids=["preset", "engine", "formats"],
)
def test_a_setting_takes_the_names_of_its_registry_and_its_default_is_among_them(
    setting: str, registry: Mapping[str, object]
) -> None:
    for name in registry:
        given: Any = (name,) if setting == "formats" else name
        assert getattr(Settings(**{setting: given}), setting) == given
    default = Settings.model_fields[setting].default
    assert ({default} if isinstance(default, str) else set(default)) <= set(registry)


def test_data_sets_that_need_no_file_are_told_by_name(tmp_path: Path) -> None:
    battery = read_settings(config(tmp_path, 'data = ["digits", "circle"]'), {}).battery()
    assert [factors["data"] for factors in battery.data_factors] == [*DATA, "circle"]
    assert battery.data_factors[-1] == {"data": "circle"}


def test_an_option_wins_over_the_config_and_additions_are_joined(tmp_path: Path) -> None:
    path = config(tmp_path, 'preset = "quick"\nseed = 5\ndepths = [3]\n')
    settings = read_settings(path, {"seed": 6, "depths": [4]})
    assert (settings.preset, settings.seed, settings.depths) == ("quick", 6, (3, 4))


def test_paths_in_a_config_are_relative_to_its_folder(tmp_path: Path) -> None:
    settings = read_settings(
        config(tmp_path, 'out = "site"\ndata = ["x.csv"]\nplugins = ["mine.py", "package.module"]'), {}
    )
    assert settings.out == tmp_path / "site"
    assert settings.data == (str(tmp_path / "x.csv"),)
    assert settings.plugins == (str(tmp_path / "mine.py"), "package.module")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed = 1\nintializers = []\n", "line 2: intializers: unknown key, did you mean initializers?"),
        ('\n\ndepths = "deep"\n', "line 3: depths: "),
        ("depths = [5, 0]\n", "line 1: depths: a depth must be at least 1, not 0"),
        ("width = 0\n", "line 1: width: "),
        (f"batch = {2**63}\n", "line 1: batch: "),
        (f"depths = [{2**63}]\n", "line 1: depths: a depth must be at most 9223372036854775807"),
        (f"seed = {'9' * 5000}\n", "not valid TOML: a number is too long"),
        ("seed = -1\n", "line 1: seed: "),
        (
            'preset = "standart"\n',
            "line 1: preset: there is no preset 'standart': did you mean standard?",
        ),
        (
            'engine = "process"\n',
            "line 1: engine: there is no engine 'process': did you mean processes?",
        ),
        ('\nformats = ["html", "epub"]\n', "line 2: formats: there is no format 'epub': Allowed: html"),
        ("formats = []\n", "line 1: formats: at least one format"),
        ("seed = \n", "not valid TOML"),
        ("[battery]\nseed = 1\n", "line 1: battery: unknown key"),
    ],
)
def test_a_mistake_in_a_config_is_told_with_file_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = config(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_settings(path, {})
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_an_option_names_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^preset: .*quick.*standard.*full") as caught:
        read_settings(config(tmp_path, "seed = 1\n"), {"preset": "fast"})
    assert "battery.toml" not in str(caught.value)


def test_a_config_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "battery.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings(path, {})


def test_a_missing_config_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such config file"):
        read_settings(tmp_path / "nothing.toml", {})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(initializers=("glorot_norml",)), "did you mean glorot_normal"),
        (Settings(initializers=("he_normal(mod=fan_in)",)), "did you mean mode"),
        (Settings(activations=("rellu",)), "did you mean relu"),
        (Settings(activations=("leaky_relu(negative_slope=steep)",)), "must be a finite number"),
        (Settings(plugins=("no_such_file.py",)), "there is no such file"),
    ],
)
def test_a_misspelt_name_is_told_before_anything_is_measured(settings: Settings, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings.battery()


def test_a_missing_data_file_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.csv"):
        Settings(data=(str(tmp_path / "nothing.csv"),)).battery()


def test_the_published_settings_are_plain_data_without_paths(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("petal,sepal,label\n1,2,a\n2,1,b\n3,5,a\n", encoding="utf-8")
    published = Settings(data=(str(path),)).battery().published()
    assert published["data"] == ["gaussian", "digits", "flowers.csv"]
    assert str(tmp_path) not in str(published)


CONFIGS = {
    "seed = true": "line 1: seed: must be a number, not true or false",
    "depths = [true]": "line 1: depths: must be a number, not true or false",
    "jobs = false": "line 1: jobs: must be a number, not true or false",
    "depths = 30": "line 1: depths: must be a list, as depths = [30] (given: 30)",
    'formats = "html"': "line 1: formats: must be a list, as formats = [\"html\"] (given: 'html')",
    'initializers = "zeros"': "line 1: initializers: must be a list, as initializers = [...] (given: 'zeros')",
    "cache = true": "line 1: cache: must be a path in quotes (given: true)",
    "out = 7": "line 1: out: must be a path in quotes (given: 7)",
    "strict = 'often'": "line 1: strict: must be true or false (given: 'often')",
    "seed = 1.5": "line 1: seed: must be a whole number (given: 1.5)",
    "seed = nan": "line 1: seed: ",
    "seed = {a = 1}": "line 1: seed: must be a whole number (given: a table of 1)",
    "seed = 1979-05-27": "line 1: seed: must be a whole number (given: datetime.date(1979, 5, 27))",
    "plugin_seconds = 0": "line 1: plugin_seconds: ",
    "plugin_seconds = inf": "line 1: plugin_seconds: ",
    'out = "a\\u0000b"': "line 1: out: no file can have the name '",
    'data = ["a\\u0000.csv"]': "line 1: data: no file can have the name '",
    'plugins = ["a\\u0000.py"]': "line 1: plugins: no file can have the name '",
    f"seed = {'9' * 5000}": "not valid TOML: a number is too long",
    f"seed = {'[' * 1000}{']' * 1000}": "nested too deep",
    f"seed = {'[' * 100_000}{']' * 100_000}": "nested too deep",
    f"{'a.' * 2000}a = 1": "nested too deep",
    f"preset = '{'x' * 100_000}'": "preset: there is no preset 'xxx",
    f"{'x' * 100_000} = 1": "unknown key",
    f"x = '{'y' * 100_000}": "not valid TOML",
}


@pytest.mark.parametrize(("text", "said"), CONFIGS.items(), ids=[text[:30] for text in CONFIGS])
def test_an_odd_config_is_told_in_one_short_line(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_settings(Path("battery.toml"), {})
    line = str(caught.value)
    assert line.startswith("battery.toml")
    assert said in line
    assert len(line.splitlines()) == 1
    assert len(line) < 290


def test_several_faults_of_a_config_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    path = config(tmp_path, 'sed = 1\nwidth = 0\ndepths = ["a", "b"]\npreset = "fast"\n')
    with pytest.raises(UsageError) as caught:
        read_settings(path, {})
    lines = str(caught.value).splitlines()
    assert (
        sorted(re.findall(r"line \d: \w+", str(caught.value)))
        == [
            "line 1: sed",
            "line 2: width",
            "line 3: depths",
            "line 3: depths",
            "line 4: preset",
        ][: len(lines)]
    )
    assert len(lines) >= 4


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    path = config(tmp_path, "\n".join(f"key_{number} = 1" for number in range(1000)))
    with pytest.raises(UsageError) as caught:
        read_settings(path, {})
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "and 990 more"


TABLE = "a;b;id;kind\n1,5;2;u;x\n2,5;4;v;y\n3,5;7;w;x\n"


def described(settings: Settings) -> list[Mapping[str, Any]]:
    return list(settings.battery().data_factors[len(DATA) :])


def test_what_is_said_for_all_files_can_be_said_for_one(tmp_path: Path) -> None:
    for name in ("x.csv", "y.csv"):
        (tmp_path / name).write_text(TABLE, encoding="utf-8")
    text = 'label = "kind"\n[[data]]\npath = "x.csv"\ndrop = ["id"]\n[[data]]\npath = "y.csv"\ndrop = ["id", "b"]\n'
    first, second = described(read_settings(config(tmp_path, text), {"decimal": ","}))
    assert (first["data_label"], first["data_drop"], first["data_decimal"]) == ("kind", ("id",), ",")
    assert (second["data"], second["data_drop"], second["data_file"]) == ("y.csv", ("id", "b"), str(tmp_path / "y.csv"))


def test_a_label_behind_the_file_and_one_of_its_own_win_over_that_of_all(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(TABLE, encoding="utf-8")
    files = (f"{path}:kind", DataFile(path=str(path), label="b", bins=2, drop=("kind", "id")))
    one, other = described(Settings(data=files, label="nothing", drop=("id",)))
    assert (one["data_label"], other["data_label"]) == ("kind", "b")
    assert {one["data"], other["data"]} == {"x.csv:kind", "x.csv:b"}


def test_options_add_files_and_columns_to_drop_to_those_of_a_config(tmp_path: Path) -> None:
    text = 'data = ["x.csv", {path = "y.csv"}]\ndrop = ["id"]\n'
    settings = read_settings(config(tmp_path, text), {"data": ["z.csv"], "drop": ["b"]})
    assert settings.data == (str(tmp_path / "x.csv"), DataFile(path=str(tmp_path / "y.csv")), "z.csv")
    assert settings.drop == ("id", "b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('seed = 1\ninitializers = [\n  "zeros",\n  "glorot_norml",\n]', "line 4: initializers: unknown initializer"),
        ('activations = ["relu", "rellu"]', "line 1: activations: unknown activation"),
        ('\nplugins = ["no_such_file.py"]', "line 2: plugins: plugin "),
    ],
)
def test_a_name_in_a_config_that_is_not_known_is_told_with_file_and_line(text: str, said: str, tmp_path: Path) -> None:
    path = config(tmp_path, text)
    with pytest.raises(UsageError, match=re.escape(f"{shortened(str(path), 100)}, {said}")):
        read_settings(path, {}).battery()


def test_a_name_in_an_option_that_is_not_known_names_no_file(tmp_path: Path) -> None:
    settings = read_settings(config(tmp_path, 'initializers = ["zeros"]'), {"initializers": ["glorot_norml"]})
    with pytest.raises(UsageError, match=r"^unknown initializer"):
        settings.battery()


@pytest.mark.parametrize("kind", ["pipe", "folder", "zeros", "terabyte"])
def test_a_config_that_is_no_ordinary_file_is_told(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "battery.toml"
    become(path, kind)
    with pytest.raises(UsageError, match=r"battery\.toml: cannot be read: "):
        read_settings(path, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\n[[data]]\npath = "x.csv"\nlable = "k"\n', "line 4: lable: unknown key, did you mean label?"),
        ('data = [\n  "x.csv",\n  {path = "y.csv", bins = 1},\n]\n', "line 3: bins: bins must be from 2 to 100, not 1"),
        ('\n[[data]]\nlabel = "k"\n', "line 2: path: field required"),
        ("data = [3]\n", "line 1: data: a data set is a path, or a table with the key path (given: 3)"),
        ('encoding = "utf9"\n', "line 1: encoding: there is no encoding 'utf9': did you mean utf-8?"),
        ('encoding = "base64"\n', "line 1: encoding: there is no encoding 'base64'"),
        ('delimiter = "ab"\n', "line 1: delimiter: there is no delimiter 'ab': give one character"),
        ('decimal = ";"\n', "line 1: decimal: there is no decimal mark ';': it is . or ,"),
        ('drop = "id"\n', "line 1: drop: "),
    ],
)
def test_a_mistake_in_how_data_is_read_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(config(tmp_path, text), {})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("spoken", "mark"), [("tab", "\t"), ("\\t", "\t"), ("blank", " "), (";", ";"), ("comma", ",")])
def test_separators_that_are_hard_to_type_have_names(spoken: str, mark: str) -> None:
    assert Settings(delimiter=spoken).delimiter == mark


def test_a_url_in_a_config_is_refused_as_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^https://example\.org/x\.csv: is a URL"):
        read_settings(config(tmp_path, 'data = ["https://example.org/x.csv"]'), {}).battery()


def test_what_is_odd_about_data_is_known_before_anything_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b,label\n" + "".join(f"{at},7,{at % 2}\n" for at in range(30)), encoding="utf-8")
    battery = Settings(data=(str(path),)).battery()
    assert battery.oddities == ("x.csv: 1 column is constant and tells nothing: 'b'",)
    assert "oddities" not in battery.published()


@pytest.mark.parametrize(("dpi", "told"), [(20, "50"), (5000, "600"), (True, "number"), ("fine", "dpi")])
def test_a_resolution_that_no_printer_has_is_refused_in_one_line(dpi: object, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        read_settings(None, {"dpi": dpi})
    assert "\n" not in str(raised.value)
    assert read_settings(None, {"dpi": 300}).dpi == 300
