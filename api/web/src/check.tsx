import { render } from "preact";
import { CheckView } from "./dossier/CheckView";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import "./styles/forms.css";

const root = document.getElementById("app");
if (root) render(<CheckView />, root);
