"""Tree ensembles of scikit-learn, LightGBM and XGBoost on scikit-learn's bundled tables, as their converters write them to ONNX, with the answers of
onnxruntime (scores, labels) and of the shap package (Tree SHAP, path-dependent and interventional, and interactions). Writes fixtures/trees/.

Converters do not write how many training rows came through each node (nodes_hitrates is 1 everywhere or left out). Path-dependent Tree SHAP needs it, so
this program fills nodes_hitrates in from the library itself; `covers` in the JSON says so. Everything else in the files is the converter's."""
import json
import pathlib
import sys
import warnings

import lightgbm
import numpy as np
import onnx
import onnxruntime
import pandas
import shap
import xgboost
from onnx import helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from sklearn import datasets, ensemble, tree
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, StringTensorType

warnings.filterwarnings("ignore")
OUT = pathlib.Path(__file__).parent.parent / "fixtures" / "trees"
ROWS, BACKGROUND, PAIR_ROWS = 6, 12, 1

# skl2onnx hands scikit-learn's unsigned integers and booleans to onnx, which refuses them.
make_attribute = helper.make_attribute


def make_attribute_of_plain_integers(key, value, *rest, **more):
    return make_attribute(key, [int(v) if isinstance(v, (np.integer, np.bool_, bool)) else v for v in value] if isinstance(value, list) else value, *rest, **more)


helper.make_attribute = make_attribute_of_plain_integers


def table(name, missing=0.0):
    data = getattr(datasets, f"load_{name}")()
    x = data.data.astype(np.float32)
    if missing:
        x[np.random.default_rng(7).random(x.shape) < missing] = np.nan
    return x, data.target


def node_of(model):
    return next(node for node in model.graph.node if node.op_type.startswith("TreeEnsemble"))


def attribute(node, name):
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), None)


def set_covers(model, covers):
    node = node_of(model)
    kept = [a for a in node.attribute if a.name != "nodes_hitrates"]
    del node.attribute[:]
    node.attribute.extend(kept + [helper.make_attribute("nodes_hitrates", [float(c) for c in covers])])


def routed(model, x):
    """Training rows through each node, by walking the file's own trees in float32."""
    node = node_of(model)
    get = lambda name: np.array(attribute(node, name))
    trees, ids, features, modes = get("nodes_treeids"), get("nodes_nodeids"), get("nodes_featureids"), [m.decode() for m in attribute(node, "nodes_modes")]
    values, yes, no = get("nodes_values").astype(np.float32), get("nodes_truenodeids"), get("nodes_falsenodeids")
    tracks = attribute(node, "nodes_missing_value_tracks_true")
    tracks = np.zeros(len(ids)) if tracks is None else np.array(tracks)
    place = {(t, i): k for k, (t, i) in enumerate(zip(trees, ids))}
    compare = {"BRANCH_LEQ": np.less_equal, "BRANCH_LT": np.less, "BRANCH_GTE": np.greater_equal, "BRANCH_GT": np.greater, "BRANCH_EQ": np.equal}
    counts = np.zeros(len(ids))
    for root in [k for k in range(len(ids)) if k == 0 or trees[k] != trees[k - 1]]:
        stack = [(root, np.arange(len(x)))]
        while stack:
            k, rows = stack.pop()
            counts[k] += len(rows)
            if modes[k] == "LEAF":
                continue
            column = x[rows, features[k]]
            passes = compare[modes[k]](column, values[k]) | ((tracks[k] == 1) & np.isnan(column))
            stack += [(place[trees[k], yes[k]], rows[passes]), (place[trees[k], no[k]], rows[~passes])]
    return counts


def forest_covers(model):
    return np.concatenate([each.tree_.weighted_n_node_samples for each in model.estimators_])


def boost_covers(model):
    covers = []
    for text in model.get_booster().get_dump(with_stats=True, dump_format="json"):
        flat = []
        def number(node):
            flat.append(node)
            for child in node.get("children", []):
                number(child)
        def write(node):
            covers.append(node["cover"])
            for child in node.get("children", []):
                write(child)
        write(json.loads(text))
    return covers


def plain(value):
    """Nested lists with 11 digits, None for NaN."""
    value = np.asarray(value, np.float64)
    return [plain(each) for each in value] if value.ndim > 0 else (None if np.isnan(value) else float(f"{value:.11g}"))


def write(name, model, onnx_model, x, covers, margins):
    """`margins`: rows → the library's raw margins [row] or [row, class], which shap's values must add up to."""
    set_covers(onnx_model, covers)
    for key in list(onnx_model.metadata_props):
        onnx_model.metadata_props.remove(key)
    rng = np.random.default_rng(3)
    picks = rng.permutation(len(x))
    rows, back = x[picks[:ROWS]], x[picks[ROWS:ROWS + BACKGROUND]]
    session = onnxruntime.InferenceSession(onnx_model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = rows if session.get_inputs()[0].type == "tensor(float)" else rows.astype(np.float64)
    answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, {session.get_inputs()[0].name: feed})))
    labels = next((v.tolist() for k, v in answers.items() if "label" in k), None)
    scores = next(np.asarray(v) for k, v in answers.items() if "label" not in k)
    path = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    interventional = shap.TreeExplainer(model, back, feature_perturbation="interventional", model_output="raw")
    def targets_second(values, ndim):
        """shap's [row, feature …] or [row, feature …, class] as [row][target][feature …]; of two classes with one margin the second."""
        values = np.asarray(values)
        if values.ndim == ndim:
            return values[:, None]
        values = np.moveaxis(values, -1, 1)
        return values[:, 1:] if one_margin else values
    one_margin = len(set(attribute(node_of(onnx_model), "class_ids") or [0, 1])) == 1
    truth = lambda some: np.asarray(margins(some)).reshape(len(some), -1)[:, 1 if one_margin and np.ndim(margins(some)) == 2 else 0:]
    numbers = {"rows": rows, "background": back, "scores": scores.reshape(len(rows), -1), "path": targets_second(path.shap_values(rows, check_additivity=False), 2)}
    numbers["pathBase"] = np.atleast_1d(path.expected_value)[1 if one_margin and np.size(path.expected_value) == 2 else 0:]
    numbers["pairs"] = targets_second(path.shap_interaction_values(rows[:PAIR_ROWS]), 3)
    values, base = targets_second(interventional.shap_values(rows, check_additivity=False), 2), truth(back).mean(0)
    gap = np.abs(values.sum(-1) + base - truth(rows)).max()
    if gap < 1e-3 * max(1, np.abs(truth(rows)).max()):
        numbers |= {"interventional": values, "interventionalBase": base}
    else:
        print(f"{name}: shap's interventional values miss the margin by {gap:.3g} and are left out")
    stored = {"covers": "filled in from the library", "labels": labels, **{key: plain(value) for key, value in numbers.items()}}
    onnx.save(onnx_model, OUT / f"{name}.onnx")
    (OUT / f"{name}.json").write_text(json.dumps(stored, separators=(",", ":")) + "\n")
    print(name, node_of(onnx_model).op_type, [n.op_type for n in onnx_model.graph.node], (OUT / f"{name}.onnx").stat().st_size, {k: np.shape(v) for k, v in numbers.items()})


def sklearn_onnx(model, x, dtype=FloatTensorType):
    options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
    return to_onnx(model, initial_types=[("x", dtype([None, x.shape[1]]))], options=options, target_opset={"": 17, "ai.onnx.ml": 3})


def tools_onnx(convert, model, x):
    kind = {"zipmap": False} if convert is convert_lightgbm else {}
    return convert(model, initial_types=[("x", ToolsFloat([None, x.shape[1]]))], target_opset=15, **kind)


def forest_wine():
    x, y = table("wine")
    model = ensemble.RandomForestClassifier(6, max_depth=4, random_state=0).fit(x, y)
    write("sklearn-forest-wine", model, sklearn_onnx(model, x), x, forest_covers(model), model.predict_proba)


def forest_diabetes():
    x, y = table("diabetes")
    model = ensemble.RandomForestRegressor(6, max_depth=5, random_state=0).fit(x, np.stack([y / 100, (y / 100 - 1) ** 2], 1))
    write("sklearn-forest-diabetes", model, sklearn_onnx(model, x), x, forest_covers(model), model.predict)


def tree_cancer():
    x, y = table("breast_cancer")
    model = tree.DecisionTreeClassifier(max_depth=6, random_state=0).fit(x, np.array(["malignant", "benign"])[y])
    onnx_model = sklearn_onnx(model, x)
    write("sklearn-tree-cancer", model, onnx_model, x, model.tree_.weighted_n_node_samples, model.predict_proba)


def boosting_cancer():
    x, y = table("breast_cancer")
    model = ensemble.GradientBoostingClassifier(n_estimators=12, max_depth=3, random_state=0).fit(x, y)
    onnx_model = sklearn_onnx(model, x)
    write("sklearn-boosting-cancer", model, onnx_model, x, routed(onnx_model, x), model.decision_function)


def hist_cancer():
    x, y = table("breast_cancer", missing=0.1)
    model = ensemble.HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=12, random_state=0, early_stopping=False).fit(x, y)
    onnx_model = sklearn_onnx(model, x)
    write("sklearn-histogram-cancer", model, onnx_model, x, routed(onnx_model, x), model.decision_function)


def lightgbm_cancer():
    x, y = table("breast_cancer", missing=0.1)
    model = lightgbm.LGBMClassifier(n_estimators=10, num_leaves=12, verbose=-1, random_state=0).fit(x, y)
    onnx_model = tools_onnx(convert_lightgbm, model, x)
    write("lightgbm-cancer", model, onnx_model, x, routed(onnx_model, x), lambda rows: model.predict(rows, raw_score=True))


def lightgbm_wine():
    x, y = table("wine")
    model = lightgbm.LGBMClassifier(n_estimators=5, num_leaves=8, verbose=-1, random_state=0).fit(x, y)
    onnx_model = tools_onnx(convert_lightgbm, model, x)
    write("lightgbm-wine", model, onnx_model, x, routed(onnx_model, x), lambda rows: model.predict(rows, raw_score=True))


def lightgbm_categories():
    """A feature of twelve categories: the converter writes a set as a chain of BRANCH_EQ with one common child."""
    x, y = table("diabetes")
    x[:, 1] = pandas.qcut(x[:, 2] * 7 % 0.05, 12, labels=False)
    y = y / 50 + np.sin(x[:, 1] * 2)
    model = lightgbm.LGBMRegressor(n_estimators=6, num_leaves=10, verbose=-1, random_state=0, min_data_per_group=5, cat_smooth=1, max_cat_to_onehot=2).fit(x, y, categorical_feature=[1])
    onnx_model = tools_onnx(convert_lightgbm, model, x)
    modes = attribute(node_of(onnx_model), "nodes_modes")
    assert modes.count(b"BRANCH_EQ") > 5, modes
    write("lightgbm-categories", model, onnx_model, x, routed(onnx_model, x), model.predict)


def xgboost_cancer():
    x, y = table("breast_cancer", missing=0.1)
    model = xgboost.XGBClassifier(n_estimators=10, max_depth=4, random_state=0).fit(x, y)
    write("xgboost-cancer", model, tools_onnx(convert_xgboost, model, x), x, boost_covers(model), lambda rows: model.predict(rows, output_margin=True))


def xgboost_wine():
    x, y = table("wine")
    model = xgboost.XGBClassifier(n_estimators=5, max_depth=3, random_state=0).fit(x, y)
    write("xgboost-wine", model, tools_onnx(convert_xgboost, model, x), x, boost_covers(model), lambda rows: model.predict(rows, output_margin=True))


def xgboost_diabetes():
    x, y = table("diabetes")
    model = xgboost.XGBRegressor(n_estimators=8, max_depth=4, random_state=0).fit(x, y / 100)
    write("xgboost-diabetes", model, tools_onnx(convert_xgboost, model, x), x, boost_covers(model), lambda rows: model.predict(rows, output_margin=True))


def double_diabetes():
    """Thresholds and weights in float64, compared in float64."""
    x, y = table("diabetes")
    x = x.astype(np.float64) + np.random.default_rng(5).normal(size=x.shape) * 1e-4
    model = tree.DecisionTreeRegressor(max_depth=4, random_state=0).fit(x, y / 100)
    onnx_model = sklearn_onnx(model, x, DoubleTensorType)
    onnx_model.graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT  # what the operator gives; the converter declares double
    write("sklearn-tree-double", model, onnx_model, x, model.tree_.weighted_n_node_samples, model.predict)


def run_node(node, rows, opset=3):
    """What onnxruntime answers for a model of this one node; None when it refuses."""
    kinds = [onnx.TensorProto.INT64, onnx.TensorProto.FLOAT][-len(node.output):]
    outputs = [helper.make_tensor_value_info(name, kind, None) for name, kind in zip(node.output, kinds)]
    graph = helper.make_graph([node], "trees", [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, rows.shape[1]])], outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", opset)], ir_version=9)
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    except Exception:
        return None, model
    return [np.asarray(v, np.float64).tolist() for v in session.run(None, {"x": rows})], model


def transforms():
    """Every post_transform with one and two weighted classes, base values or none, and the aggregates: scores and labels of onnxruntime."""
    rows, cases = np.array([[0.0], [1.0]], np.float32), []
    stump = dict(nodes_treeids=[0, 0, 0], nodes_nodeids=[0, 1, 2], nodes_featureids=[0, 0, 0], nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_values=[0.5, 0.0, 0.0], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0])
    def case(op, outputs, attributes):
        answer, _ = run_node(helper.make_node(op, ["x"], outputs, domain="ai.onnx.ml", **attributes), rows)
        clean = lambda v: [clean(e) for e in v] if isinstance(v, list) else (v if np.isfinite(v) else str(v))
        cases.append({"op": op, "attributes": attributes, "answer": answer and clean(answer)})
    names = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"]
    for ids, left, right in [([0], [0.2], [0.7]), ([0], [-0.2], [0.7]), ([1], [0.2], [0.7]), ([1], [-0.2], [0.7]), ([0, 1], [0.2, 0.3], [0.7, 0.1]), ([0, 1], [-0.2, 0.3], [0.7, -0.1]), ([0, 1, 2], [0.2, -0.5, 0.1], [0.3, 0.1, 0.4])]:
        labels = list(range(max(2, len(ids))))
        weights = dict(class_treeids=[0] * 2 * len(ids), class_nodeids=[1] * len(ids) + [2] * len(ids), class_ids=ids * 2, class_weights=left + right)
        for base in [{}, {"base_values": [0.05]}, {"base_values": [0.05, 0.4, 0.1]}][:: 2 if len(labels) == 3 else 1]:
            if len(base.get("base_values", [])) <= len(labels):
                for name in names:
                    case("TreeEnsembleClassifier", ["label", "scores"], {**stump, **weights, **base, "classlabels_int64s": labels, "post_transform": name})
    leaf = {key: value + [{"nodes_treeids": 1, "nodes_modes": "LEAF", "nodes_values": 0.0}.get(key, 0)] for key, value in stump.items()}
    for targets in (1, 2):
        weights = dict(target_treeids=[0, 0, 1], target_nodeids=[1, 2, 0], target_ids=[0, 0, 0], target_weights=[0.2, 0.7, 0.25], n_targets=targets)
        for name in names:
            case("TreeEnsembleRegressor", ["scores"], {**leaf, **weights, "post_transform": name})
        for aggregate in ["SUM", "AVERAGE", "MIN", "MAX"]:
            case("TreeEnsembleRegressor", ["scores"], {**leaf, **weights, "aggregate_function": aggregate, "base_values": [0.05, 0.1][:targets]})
    (OUT / "transforms.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print("transforms", len(cases))


def operator_five():
    """The operator TreeEnsemble: all modes with a set among them, missing values, a tree that is a single leaf, an average."""
    make = lambda name, kind, values: helper.make_tensor(name, kind, [len(values)], values)
    node = helper.make_node(
        "TreeEnsemble", ["x"], ["scores"], domain="ai.onnx.ml", name="five", n_targets=2, aggregate_function=0, post_transform=0,
        tree_roots=[0, 5, 7], nodes_featureids=[0, 1, 2, 0, 1, 2, 0, 1], nodes_modes=make("modes", onnx.TensorProto.UINT8, [0, 6, 3, 1, 2, 5, 4, 0]),
        nodes_splits=make("splits", onnx.TensorProto.FLOAT, [0.5, 0.0, -1.0, 2.0, 1.0, 3.0, 1.0, 0.0]),
        nodes_truenodeids=[1, 2, 0, 2, 4, 6, 7, 10], nodes_falsenodeids=[3, 4, 1, 3, 5, 8, 9, 10],
        nodes_trueleafs=[0, 0, 1, 1, 1, 0, 1, 1], nodes_falseleafs=[0, 0, 1, 1, 1, 1, 1, 1], nodes_missing_value_tracks_true=[1, 0, 0, 1, 0, 0, 0, 0],
        membership_values=make("sets", onnx.TensorProto.FLOAT, [1.0, 2.0, 7.0, float("nan")]),
        leaf_targetids=[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1], leaf_weights=make("weights", onnx.TensorProto.FLOAT, [0.5, -1.5, 2.25, 0.125, -3.0, 1.0, 4.0, -0.75, 0.3, 2.0, 10.0]))
    rng = np.random.default_rng(2)
    rows = np.concatenate([rng.integers(-1, 4, (40, 3)), np.where(rng.random((10, 3)) < 0.4, np.nan, 1)]).astype(np.float32)
    answer, model = run_node(node, rows, 5)
    onnx.save(model, OUT / "operator-five.onnx")
    (OUT / "operator-five.json").write_text(json.dumps({"rows": plain(rows), "scores": plain(answer[0])}, separators=(",", ":")) + "\n")
    print("operator-five", len(rows))


REVIEWS = """good film|bad film|good acting but a bad plot|not good|not bad at all|the plot drags|a good plot|bad, bad, bad|good, good film|awful acting|wonderful acting|the film is awful
wonderful and good|a slow, awful bore|never dull|it is not wonderful|the acting saves the bad plot|drags and drags|a wonderful film|nothing is good""".replace("\n", "|").split("|")


def bag_of_words():
    """Counts of words and boosted trees in one file; an absent word is taken from the text without words."""
    labels = np.array([1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0])
    counts = CountVectorizer().fit(REVIEWS)
    x = counts.transform(REVIEWS).toarray().astype(np.float32)
    model = ensemble.GradientBoostingClassifier(n_estimators=12, max_depth=2, random_state=0).fit(x, labels)
    onnx_model = to_onnx(make_pipeline(counts, model), initial_types=[("text", StringTensorType([None, 1]))], options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    texts = ["The plot drags, but the acting is good!", "Good, GOOD film", "nothing known here", "bad"]
    x = counts.transform(texts).toarray().astype(np.float32)
    explained = shap.TreeExplainer(model, data=np.zeros((1, x.shape[1]), np.float32), feature_perturbation="interventional")
    values = explained.shap_values(x)
    write_plain = {"texts": texts, "words": [str(word) for word in counts.get_feature_names_out()], "scores": plain(model.predict_proba(x)),
                   "values": plain(values), "base": float(np.ravel(explained.expected_value)[0]), "margins": plain(model.decision_function(x))}
    onnx.save(onnx_model, OUT / "bag-of-words.onnx")
    (OUT / "bag-of-words.json").write_text(json.dumps(write_plain, separators=(",", ":")) + "\n")
    print("bag-of-words", len(texts), float(np.abs(values.sum(1) + np.ravel(explained.expected_value)[0] - model.decision_function(x)).max()))


FIXTURES = [bag_of_words, double_diabetes, transforms, operator_five, forest_wine, forest_diabetes, tree_cancer, boosting_cancer, hist_cancer, lightgbm_cancer, lightgbm_wine, lightgbm_categories, xgboost_cancer, xgboost_wine, xgboost_diabetes]

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for fixture in FIXTURES:
        if len(sys.argv) < 2 or fixture.__name__ in sys.argv[1:]:
            fixture()
