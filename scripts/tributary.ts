#!/usr/bin/env node
import '../services/cli/main.ts'
