import { render } from "preact";
import { pollStatus } from "./api/status";
import { App } from "./app";
import { whoAmI } from "./state/session";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/graph.css";
import "./styles/forms.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
void whoAmI().then(pollStatus);
