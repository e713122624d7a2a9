/** Loaded before each test file: the throttler is CommonJS and must find these already there, or Jest sees a cycle. */
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
