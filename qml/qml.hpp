// SPDX-License-Identifier: Apache-2.0
// Everything a program needs to train, save and use quantum classifiers and their classical rivals.
#pragma once

#include "qml/classifier.hpp"
#include "qml/dataset.hpp"
#include "qml/evaluator.hpp"
#include "qml/model_file.hpp"
#include "qml/optimizer.hpp"
#include "qml/predict.hpp"
#include "qml/rivals.hpp"
#include "qml/setup.hpp"
#include "qml/train.hpp"
