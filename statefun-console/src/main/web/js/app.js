// Starts the console: reads what it is about, opens the stream of events and shows the frame.

import { connect } from './events.js';
import './frame.js';

connect();
