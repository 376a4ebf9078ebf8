// All views, by the first segment of their routes.

import { EgressView } from './views/egress.js';
import { FailuresView } from './views/failures.js';
import { FlowView } from './views/flow.js';
import { FunctionView } from './views/function.js';
import { FunctionsView } from './views/functions.js';
import { InstanceView } from './views/instance.js';
import { MessagesView } from './views/messages.js';
import { ModuleView } from './views/module.js';
import { RequestsView } from './views/requests.js';
import { SearchView } from './views/search.js';
import { SendView } from './views/send.js';
import { TimersView } from './views/timers.js';

export const views = {
  functions: FunctionsView,
  function: FunctionView,
  instance: InstanceView,
  messages: MessagesView,
  flow: FlowView,
  timers: TimersView,
  failures: FailuresView,
  egress: EgressView,
  send: SendView,
  requests: RequestsView,
  module: ModuleView,
  search: SearchView
};
