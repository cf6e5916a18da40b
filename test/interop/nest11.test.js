import { testClient } from './lib/client-suite.js';
import { testGateway } from './lib/gateway-suite.js';
import { testServer } from './lib/server-suite.js';
import * as nest from './nest11/index.js';

testClient('11', nest);
testGateway('11', nest);
testServer('11', nest);
