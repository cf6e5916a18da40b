import { testClient } from './lib/client-suite.js';
import { testGateway } from './lib/gateway-suite.js';
import { testServer } from './lib/server-suite.js';
import * as nest from './nest12/index.js';

testClient('12', nest);
testGateway('12', nest);
testServer('12', nest);
