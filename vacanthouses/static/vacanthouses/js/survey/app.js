// The survey on a phone.

import { startApp } from "../../../gis_core/js/offline/start.js";

startApp({ base: "/api/survey" });
