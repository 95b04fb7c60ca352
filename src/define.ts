/** Registers every element. The scope comes first, so that the others find it upgraded. */
import "./elements/lexi-scope/define.js";
import "./elements/attention-formula/define.js";
import "./elements/attention-grid/define.js";
import "./elements/attention-heatmap/define.js";
import "./elements/attention-lines/define.js";
import "./elements/example-map/define.js";
import "./elements/explanation-summary/define.js";
import "./elements/faithfulness-report/define.js";
import "./elements/bias-probe/define.js";
import "./elements/counterfactual-list/define.js";
import "./elements/model-metrics/define.js";
import "./elements/prediction-bars/define.js";
import "./elements/saliency-bars/define.js";
import "./elements/saliency-text/define.js";
import "./elements/similar-examples/define.js";
